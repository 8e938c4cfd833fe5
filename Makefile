# sluice - build, run, check, install. GNU make.
#
#   make run      what is missing is installed or named; the whole flow runs
#   make check    all tests; the last line is "N passed, N failed"
#   make check-emulators
#                 tests against others' servers for the cloud; wants Go
#   make fuzz     random inputs, for FUZZ_SECONDS each
#   make bench    how fast the tools are; BENCH_MB and more choose
#   make ci       make check and all other checks, sanitizers included
#
# V=1 shows the commands. O= and BIN= choose another pair of build folders.

TOOLS = \
	bq-load \
	bq-query \
	bq-show \
	csv-addsymbol \
	csv-cast \
	csv-dedup \
	csv-except \
	csv-gaps \
	csv-look \
	csv-split \
	csv-stamp \
	csv-stat \
	csv-validate \
	gcs-cp \
	gcs-get \
	gcs-ls \
	gcs-put \
	gcs-rm \
	kline-get \
	kline-read \
	kline-sim \
	lr-eval \
	lr-export \
	lr-gram \
	lr-predict \
	lr-show \
	lr-train

LIB = \
	append \
	apply \
	arena \
	ascend \
	aside \
	auth \
	auth_account \
	auth_ask \
	auth_external \
	auth_file \
	auth_gcloud \
	auth_metadata \
	auth_send \
	bigfloat \
	bigint \
	bigquery \
	bigquery_ask \
	bigquery_cancel \
	bigquery_columns \
	bigquery_config \
	bigquery_dry \
	bigquery_gather \
	bigquery_job \
	bigquery_ledger \
	bigquery_load \
	bigquery_make \
	bigquery_numeric \
	bigquery_prune \
	bigquery_query \
	bigquery_rows \
	bigquery_scan \
	bigquery_script \
	bigquery_split \
	bigquery_spool \
	bigquery_sql \
	bigquery_stage \
	bigquery_start \
	bigquery_table \
	bigquery_upload \
	bigquery_value \
	bigquery_wait \
	buf \
	caster \
	catalog \
	cells \
	checker \
	choice \
	clock \
	cols \
	colstat \
	coltable \
	coltable_write \
	column \
	copier \
	copy \
	csvin \
	csvin_batch \
	csvin_input \
	csvout \
	csvscan \
	csvscan_avx2 \
	csvscan_avx512 \
	csvscan_loop \
	csvscan_sse2 \
	csvstrict \
	cv \
	decimal \
	decimal_bytes \
	decimal_math \
	decimal_small \
	decimals \
	dedup \
	design \
	die \
	digest \
	digits \
	dist \
	distinct \
	draft \
	evaluate \
	export \
	export_code \
	export_pmml \
	export_sql \
	feed \
	feed_rows \
	fold \
	fraction \
	frequent \
	gaps \
	gaps_table \
	gate \
	gcp \
	gcp_endpoint \
	gcp_error \
	gcs_download \
	gcs_hash \
	gcs_list \
	gcs_object \
	gcs_session \
	gcs_upload \
	gram \
	gram_sql \
	grouped \
	gz \
	hll \
	hook \
	http \
	http_retry \
	http_trace \
	interrupt \
	io \
	json \
	json_out \
	judge \
	jwt \
	keyset \
	keyset_hash \
	kline \
	kline_dirt \
	kline_filter \
	kline_page \
	kline_rest \
	kline_sim \
	ldl \
	levels \
	load \
	load_objects \
	load_plan \
	load_query \
	load_request \
	look \
	mantissa \
	metrics \
	model \
	model_columns \
	model_ways \
	model_write \
	moments \
	num \
	ols \
	ols_condition \
	ols_matrix \
	ols_relation \
	ols_solve \
	opt \
	pages \
	parts \
	pattern \
	percentile \
	pipe \
	place \
	predict \
	predict_fast \
	predict_round \
	prints \
	producer \
	progress \
	publish \
	quantile \
	query_request \
	ranges \
	rank \
	redact \
	rejects \
	remover \
	report \
	residues \
	result \
	ridge \
	rng \
	rowkey \
	schema \
	schema_check \
	schema_constraints \
	schema_field \
	scratch \
	screen \
	secret \
	select \
	show \
	source \
	spill \
	split \
	sqlite_call \
	sqlite_db \
	sqlite_decimal \
	sqlite_facts \
	sqlite_functions \
	sqlite_ledger \
	sqlite_load \
	sqlite_query \
	sqlite_table \
	state \
	state_check \
	states \
	store \
	store_dir \
	store_gcs \
	suite \
	table \
	table_fit \
	tail \
	term \
	train \
	train_option \
	unique \
	utf8 \
	uuid \
	validator \
	validator_columns \
	value \
	visible \
	walk \
	warehouse \
	warehouse_bigquery \
	warehouse_sqlite \
	width \
	window \
	winners \
	workers \
	xml

# The harnesses of tests/fuzz.
FUZZ = \
	bigfloat \
	bigint \
	bigquery_rows \
	clock \
	csvin \
	csvout \
	decimal \
	gram \
	num \
	ols \
	schema

CC = gcc
CFLAGS = -O2 -g
STD = -std=c11 -D_POSIX_C_SOURCE=200809L
WARN = -Wall -Wextra -Wconversion -Wshadow -Wstrict-prototypes
HARDEN = -D_FORTIFY_SOURCE=2 -fstack-protector-strong -fPIE
HARDEN_LD = -pie -Wl,-z,relro,-z,now

PREFIX = /usr/local
BINDIR = $(PREFIX)/bin
MANDIR = $(PREFIX)/share/man
DATADIR = $(PREFIX)/share/sluice
FUZZ_SECONDS = 60
FUZZ_MAIN = replay

O = build
BIN = bin

JOBS := $(shell nproc 2>/dev/null || echo 1)
Q = $(if $(V),,@)
say = $(if $(V),,@echo "  $(1)")

programs = $(TOOLS:%=$(BIN)/%)
units = $(patsubst tests/unit/%.c,$(O)/tests/unit/%,$(wildcard tests/unit/*.c))
harnesses = $(FUZZ:%=$(O)/tests/fuzz/%)
fuzz_shared = $(FUZZ_MAIN:%=$(O)/tests/fuzz/%.o) $(O)/tests/fuzz/exact.o $(O)/tests/fuzz/feed.o

all: $(programs)
	@:

units: $(units) $(harnesses)
	@:

harnesses: $(harnesses)
	@:

# What a family of programs links beside libsluice; as-needed drops the rest.
$(BIN)/bq-%: LDLIBS += -lcsv -lcurl -lsqlite3 -ljq -lcrypto -lz -lm
$(BIN)/csv-%: LDLIBS += -lcsv -ljq -lxxhash -lm
$(BIN)/gcs-%: LDLIBS += -lcurl -ljq -lcrypto -lz -lpthread
$(BIN)/kline-%: LDLIBS += -lcsv -lcurl -ljq -lm
$(BIN)/lr-%: LDLIBS += -lcsv -ljq -lxxhash -lm
$(O)/tests/%: LDLIBS += -lcsv -lcurl -lsqlite3 -ljq -lxxhash -lcrypto -lz -lm
# the reads that the reader gets are the test's to choose
$(O)/tests/unit/csvin $(O)/tests/fuzz/csv%: LDFLAGS += -Wl,--wrap=io_read

# the files that may use what not every amd64 processor has
ifneq ($(filter x86_64%,$(shell $(CC) -dumpmachine)),)
$(O)/lib/csvscan_avx2.o: ARCH = -mavx2 -mbmi -mbmi2 -mpopcnt -mpclmul
$(O)/lib/csvscan_avx512.o: ARCH = -mavx512bw -mavx512vl -mbmi -mbmi2 -mpopcnt -mpclmul
endif

$(O)/%.o: %.c Makefile
	@mkdir -p $(@D)
	$(call say,cc $<)
	$(Q)$(CC) $(STD) $(WARN) $(HARDEN) $(CFLAGS) $(ARCH) $(CPPFLAGS) -iquote lib \
	    -MMD -MP -c -o $@ $<

$(O)/libsluice.a: $(LIB:%=$(O)/lib/%.o)
	@rm -f $@
	$(Q)ar rcs $@ $^

link = $(CC) $(CFLAGS) $(HARDEN_LD) -Wl,--as-needed $(LDFLAGS) -o $@ $^ $(LDLIBS)

$(BIN)/%: $(O)/tools/%.o $(O)/libsluice.a
	@mkdir -p $(@D)
	$(call say,ld $@)
	$(Q)$(link)

$(O)/tests/unit/%: $(O)/tests/unit/%.o $(O)/libsluice.a
	$(call say,ld $@)
	$(Q)$(link)

$(O)/tests/fuzz/%: $(O)/tests/fuzz/%.o $(fuzz_shared) $(O)/libsluice.a
	$(call say,ld $@)
	$(Q)$(link)

$(O)/tests/bench/run: $(O)/tests/bench/run.o $(O)/libsluice.a
	$(call say,ld $@)
	$(Q)$(link)

-include $(LIB:%=$(O)/lib/%.d) $(TOOLS:%=$(O)/tools/%.d) $(units:%=%.d) $(harnesses:%=%.d) $(fuzz_shared:.o=.d) $(O)/tests/bench/run.d

deps:
	@./deps.sh build test

run: deps
	@$(MAKE) --no-print-directory -j$(JOBS) all
	@PATH="$(abspath $(BIN)):$$PATH" $(MAKE) --no-print-directory -f pipelines/flow.mk

# The programs once more, with what tests can set up; see lib/hook.h.
hook:
	@$(MAKE) --no-print-directory -j$(JOBS) all $(O)/hook/tests/unit/auth O=$(O)/hook BIN=$(O)/hook/bin CPPFLAGS='$(CPPFLAGS) -DSLUICE_TEST'

check: deps
	@$(MAKE) --no-print-directory -j$(JOBS) all units
	@$(MAKE) --no-print-directory hook
	@SLUICE_BIN=$(abspath $(BIN)) SLUICE_HOOK=$(abspath $(O))/hook/bin SLUICE_TESTS=$(abspath $(O))/tests \
	    tests/run $(TESTS)

# The differential test at length: make differential FILES=100000 SEED=7
differential: hook
	tests/differential $(O)/hook/bin $(or $(FILES),20000) $(or $(SEED),1)

# The same again under the sanitizers, with their own build folders.
asan:
	@$(MAKE) --no-print-directory check O=$(O)/asan BIN=$(O)/asan/bin HARDEN= HARDEN_LD= \
	    CFLAGS='-O1 -g -fno-omit-frame-pointer -fsanitize=address,undefined -fno-sanitize-recover=all'

# Servers and clients that others wrote, for tests/emulators.bats, where there
# is a Go toolchain; elsewhere those tests are skipped. Their versions are
# pinned in tests/emulators.
emulators:
	@tests/emulators/build $(O)/emulators

check-emulators: emulators
	@$(MAKE) --no-print-directory check TESTS=tests/emulators.bats

# Each harness of tests/fuzz under clang's fuzzer, for FUZZ_SECONDS.
fuzz:
	@$(MAKE) --no-print-directory -j$(JOBS) harnesses O=$(O)/fuzz CC=clang HARDEN= HARDEN_LD=-fsanitize=fuzzer FUZZ_MAIN= CPPFLAGS=-DSLUICE_TEST \
	    CFLAGS='-O1 -g -fno-omit-frame-pointer -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all'
	@tests/fuzz/run $(FUZZ_SECONDS) $(FUZZ:%=$(O)/fuzz/tests/fuzz/%)

# How fast the tools are; the script says how to read it.
bench: all $(O)/tests/bench/run
	@tests/bench/bench $(BIN) $(O)/tests/bench/run $(O)/bench

# How many digits of a regression are right, beside what else is installed.
bench-regression: all
	@tests/bench/regression $(BIN) $(O)/bench

# How fast many small objects are, to and from a service far away.
bench-objects: all
	@tests/bench/objects $(BIN)

# What the tools cost that speak with the cloud.
bench-cloud: all $(O)/tests/bench/run
	@tests/bench/cloud $(BIN) $(O)/tests/bench/run $(O)/emulators

# Long sums of pure functions, which the sanitizers go through
arithmetic = bigint decimals fraction gram ldl percentile rank state term

valgrind: all units
	@tests/checks/valgrind $(BIN) $(filter-out $(arithmetic:%=$(O)/tests/unit/%),$(units))

# Warnings are errors with both compilers.
warnings:
	@$(MAKE) --no-print-directory -j$(JOBS) all units O=$(O)/gcc BIN=$(O)/gcc/bin CC=gcc WARN='$(WARN) -Werror'
	@$(MAKE) --no-print-directory -j$(JOBS) all units O=$(O)/clang BIN=$(O)/clang/bin CC=clang WARN='$(WARN) -Werror'

lint:
	clang-format --dry-run -Werror lib/*.[ch] tools/*.c tests/*.c tests/unit/*.[ch] tests/fuzz/*.[ch] tests/bench/*.c
	mandoc -T lint -W warning man/*.[17]
	shellcheck deps.sh .ci/run pipelines/*.sh tests/run tests/emulators/build tests/fuzz/run tests/*.bash tests/*.bats
	tests/checks/tree

# The fuzzers run for less than by themselves.
ci: FUZZ_SECONDS = 20
ci: lint warnings emulators asan valgrind fuzz
	@$(MAKE) --no-print-directory check

install: all
	install -d $(DESTDIR)$(BINDIR) $(DESTDIR)$(MANDIR)/man1 $(DESTDIR)$(MANDIR)/man7
	install $(programs) $(DESTDIR)$(BINDIR)
	install -m 644 $(TOOLS:%=man/%.1) $(DESTDIR)$(MANDIR)/man1
	install -m 644 man/sluice.7 man/lr-method.7 $(DESTDIR)$(MANDIR)/man7
	install -d $(DESTDIR)$(DATADIR)
	cp -R pipelines $(DESTDIR)$(DATADIR)

uninstall:
	rm -f $(TOOLS:%=$(DESTDIR)$(BINDIR)/%) $(TOOLS:%=$(DESTDIR)$(MANDIR)/man1/%.1)
	rm -f $(DESTDIR)$(MANDIR)/man7/sluice.7 $(DESTDIR)$(MANDIR)/man7/lr-method.7
	rm -rf $(DESTDIR)$(DATADIR)

clean:
	rm -rf $(O) $(BIN)

.PHONY: all asan bench bench-cloud bench-objects bench-regression check check-emulators ci clean deps differential emulators fuzz harnesses hook install lint run uninstall units valgrind warnings
.SECONDARY:
