/* SPDX-License-Identifier: ISC */
#include "gcp.h"
#include "check.h"

#include <stdlib.h>
#include <string.h>

#include "gcp_endpoint.h"
#include "gcp_error.h"
#include "json.h"

static void
check_endpoint(const char *address, const char *expected)
{
	struct buf out = {0};

	gcp_endpoint(&out, address, "http", "/storage/v1");
	printf("# %s -> %s\n", address, buf_text(&out));
	CHECK(!strcmp(buf_text(&out), expected));
	buf_release(&out);
}

static void
check_endpoints(void)
{
	check_endpoint("localhost:4443", "http://localhost:4443");
	check_endpoint("http://127.0.0.1:1/", "http://127.0.0.1:1");
	check_endpoint("127.0.0.1:1/storage/v1", "http://127.0.0.1:1");
	check_endpoint("https://a.b/storage/v1//", "https://a.b");
	check_endpoint("https://a.b/x/storage/v1/", "https://a.b/x");
	check_endpoint("https://a.b/bigquery/v2", "https://a.b/bigquery/v2");
}

static void
check_error(int status, const char *body, const char *text, const char *reason)
{
	struct buf said = {0}, code = {0}, ignored = {0};
	struct json *root = json_parse(slice_of(body), &ignored);

	gcp_error_read(status, slice_of(body), root, &said, &code);
	printf("# %s\n", buf_text(&said));
	CHECK(!strcmp(buf_text(&said), text));
	CHECK(!strcmp(buf_text(&code), reason));
	json_free(root);
	buf_release(&said);
	buf_release(&code);
	buf_release(&ignored);
}

static void
check_errors(void)
{
	check_error(412,
	    "{\"error\":{\"code\":412,\"message\":\"At least\\none\","
	    "\"errors\":[{\"reason\":\"conditionNotMet\"}]}}",
	    "HTTP 412: conditionNotMet: At least one", "conditionNotMet");
	check_error(403,
	    "{\"error\":{\"message\":\"no\",\"status\":\"PERMISSION_DENIED\"}}",
	    "HTTP 403: PERMISSION_DENIED: no", "PERMISSION_DENIED");
	check_error(403, "{\"error\":{\"errors\":[{\"message\":\"m\"}]}}",
	    "HTTP 403: m", "");
	check_error(400,
	    "{\"error\":\"invalid_grant\",\"error_description\":\"Bad\"}",
	    "HTTP 400: invalid_grant: Bad", "invalid_grant");
	check_error(403,
	    "<?xml version='1.0'?><Error><Code>AccessDenied</Code>"
	    "<Message>Access denied.</Message></Error>",
	    "HTTP 403: AccessDenied: Access denied.", "AccessDenied");
	check_error(502,
	    "<!DOCTYPE html>\n<html><head><TITLE>502 Bad\n Gateway</TITLE>",
	    "HTTP 502: 502 Bad Gateway", "");
	check_error(503, "", "HTTP 503: service unavailable", "");
	check_error(599, "", "HTTP 599", "");
	check_error(503, "{}", "HTTP 503: service unavailable", "");
	check_error(503, "[1]", "HTTP 503: [1]", "");
	check_error(500, "{\"error\": {\"code\": 500, \"mess",
	    "HTTP 500: {\"error\": {\"code\": 500, \"mess", "");
	check_error(400, "<title>", "HTTP 400: <title>", "");
	check_error(400, "\x01\x1b[31mred \n\n", "HTTP 400: [31mred", "");
	check_error(400, "{\"error\":{\"message\":\"token ya29.abc is\"}}",
	    "HTTP 400: token [hidden] is", "");
}

int
main(void)
{
	check_endpoints();
	check_errors();
	return check_done();
}
