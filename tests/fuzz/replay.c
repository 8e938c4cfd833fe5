/* SPDX-License-Identifier: ISC */
/*
 * replay FILE... - what a harness says of the inputs in these files, as TAP
 *
 * An input on which it aborts is the last one that is named.
 */
#include "fuzz.h"

#include "io.h"

int
main(int argc, char **argv)
{
	struct buf input = {0};

	setvbuf(stdout, NULL, _IOLBF, BUFSIZ);
	for (int i = 1; i < argc; i++) {
		char *exact;

		printf("# %s\n", argv[i]);
		buf_clear(&input);
		if (io_read_file(argv[i], &input))
			return 1;
		/* so that a sanitizer sees a byte read behind the end */
		exact = xslicedup(buf_slice(&input));
		LLVMFuzzerTestOneInput((uint8_t *)exact, input.len);
		free(exact);
	}
	buf_release(&input);
	printf("ok 1 - %d inputs\n1..1\n", argc - 1);
	return argc < 2;
}
