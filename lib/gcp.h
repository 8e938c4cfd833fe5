/* SPDX-License-Identifier: ISC */
/*
 * gcp - calls to Google's JSON APIs: where, as whom, and again if need be
 *
 * A service is at https://SERVICE.googleapis.com, unless one of these says
 * otherwise, each with or without scheme, a '/' at its end and the path of the
 * API (/storage/v1, /bigquery/v2):
 *	STORAGE_EMULATOR_HOST, BIGQUERY_EMULATOR_HOST
 *		an emulator: http if no scheme is named, and anonymous unless
 *		a token is given explicitly (auth.h);
 *	CLOUDSDK_API_ENDPOINT_OVERRIDES_STORAGE, .._BIGQUERY
 *		the same service elsewhere, such as behind a private endpoint:
 *		https if no scheme is named, and with the usual credentials.
 * A token is never sent over plain http except to this machine.
 *
 * What is repeated ("Retry strategy" of Cloud Storage, "Error messages" of
 * BigQuery): 408, 429, 5xx, lost connections, and a 403 whose reason is
 * rateLimitExceeded, with the pauses of http.h for up to 600 seconds without
 * progress, or as many as SLUICE_RETRY_SECONDS says; a 401 once, with another
 * token.
 */
#ifndef GCP_H
#define GCP_H

#include "http.h"

struct gcp;
struct json;

enum gcp_service { GCP_STORAGE, GCP_BIGQUERY };

enum {
	GCP_PATIENCE = 600, /* seconds without progress */
	GCP_PATIENCE_MAX = 1000 * 1000,
	GCP_STALL = 60, /* seconds without a byte */
	GCP_BODY = 64 * 1024 * 1024,
};

/* Credentials and the network are first looked for by a call. */
struct gcp *gcp_new(enum gcp_service service);
void gcp_free(struct gcp *gcp);

struct gcp_request {
	const char *method; /* NULL: "GET" */
	/*
	 * "/storage/v1/b/...", behind where the service is; or for a session a
	 * whole URL, of which whoever has it has the right: sent without
	 * credentials, and never shown.
	 */
	const char *target;
	bool session;
	const char *content_type;   /* of the body; NULL without one */
	const char *const *headers; /* "Name: value" */
	size_t nheaders;
	const struct slice *body; /* as in http.h */
	size_t nbody;
	int (*take)(void *user, const void *data, size_t len); /* too */
	void *user;
	bool text;         /* of a good answer no tree is made: it is long */
	int stall_seconds; /* 0: GCP_STALL */
};

/* {0} is valid; a call reuses it, and gcp_answer_release() frees. */
struct gcp_answer {
	int status; /* of HTTP; 0: there was no answer */
	enum http_class class;
	struct buf body;
	struct json *json; /* of the body, or NULL if it is none */
	/*
	 * Unless good, for people: "HTTP 412: conditionNotMet: At least one
	 * of the pre-conditions ...", without secrets or the URL.
	 */
	struct buf error;
	struct buf reason; /* for machines: "conditionNotMet", or empty */
	enum status exit;  /* STATUS_TEMPORARY: the same may be done again */
	/*
	 * How often the request went out since gcp_begin(), or since the
	 * gcp_call(), a 401 aside: if more than once, an earlier one may have
	 * taken effect, whatever its answer was.
	 */
	int attempts;
};

void gcp_answer_release(struct gcp_answer *answer);

/* One operation of one request, with its repeats: 0 for 2xx, or -1. */
int gcp_call(struct gcp *gcp, const struct gcp_request *request,
    struct gcp_answer *answer);

/*
 * For operations of several requests with a state of their own, all under one
 * x-goog-gcs-idempotency-token: gcp_begin(), then attempts, and after one that
 * is HTTP_TEMPORARY gcp_pause(), which returns false if it is over, with
 * answer->error completed. gcp_progress() if something moved. gcp_call()
 * between them is an operation of its own and changes nothing for them.
 */
void gcp_begin(struct gcp *gcp);
int gcp_attempt(struct gcp *gcp, const struct gcp_request *request,
    struct gcp_answer *answer);
void gcp_progress(struct gcp *gcp);
bool gcp_pause(struct gcp *gcp, struct gcp_answer *answer);

/* As http_header() and http_header_at(), of the last answer. */
const char *gcp_header(const struct gcp *gcp, const char *name);
const char *gcp_header_at(
    const struct gcp *gcp, const char *name, size_t index);

/*
 * The bytes that the service has of a resumable upload, where the last answer
 * is a 308: 0 if that has no Range, and -1 if it has anything but "bytes=0-K"
 * (Cloud Storage documentation, "Resumable uploads").
 */
int64_t gcp_stored(const struct gcp *gcp);

/* The project of the credentials or of the environment, borrowed, or NULL. */
const char *gcp_project(struct gcp *gcp);

#endif
