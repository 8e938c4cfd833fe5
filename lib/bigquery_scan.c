/* SPDX-License-Identifier: ISC */
#include "bigquery_scan.h"

#include <string.h>
#include <strings.h>

enum token_type {
	TOKEN_END,
	TOKEN_WORD,
	TOKEN_PARAMETER, /* @NAME, of which the text is NAME */
	TOKEN_OTHER,     /* a quoted thing, or one byte */
	TOKEN_UNCLOSED,
};

struct token {
	enum token_type type;
	struct slice text;
};

static bool
in_word(char byte)
{
	return byte == '_' || (byte >= '0' && byte <= '9') ||
	       (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z');
}

/* The end of a comment that begins at text, or text if none does. */
static const char *
behind_comment(const char *text)
{
	const char *end;

	if (*text == '#' || (text[0] == '-' && text[1] == '-'))
		return text + strcspn(text, "\n");
	if (text[0] != '/' || text[1] != '*')
		return text;
	end = strstr(text + 2, "*/");
	return end ? end + 2 : text + strlen(text);
}

static const char *
behind_blanks(const char *text)
{
	const char *from;

	do {
		from = text;
		text = behind_comment(text + strspn(text, " \t\r\n\f\v"));
	} while (text != from);
	return text;
}

/*
 * The end of a string or a name in quotes, or NULL. A backslash keeps a quote
 * from ending it, also in a raw string.
 */
static const char *
behind_quoted(const char *text)
{
	char quote = *text;
	size_t count = 1;

	if (quote != '`' && text[1] == quote && text[2] == quote)
		count = 3;
	for (text += count; *text; text++) {
		size_t found = 0;

		if (*text == '\\') {
			if (!*++text)
				return NULL;
			continue;
		}
		while (found < count && text[found] == quote)
			found++;
		if (found == count)
			return text + count;
	}
	return NULL;
}

/* Takes the next token off *at. */
static struct token
take_token(const char **at)
{
	const char *from = behind_blanks(*at), *to = from;
	struct token token = {TOKEN_OTHER, {from, 0}};

	if (!*from) {
		token.type = TOKEN_END;
	} else if (strchr("'\"`", *from)) {
		to = behind_quoted(from);
		token.type = to ? TOKEN_OTHER : TOKEN_UNCLOSED;
	} else if (in_word(*from)) {
		while (in_word(*to))
			to++;
		token.type = TOKEN_WORD;
	} else if (*from == '@') {
		/* @@NAME is a variable of the system, @{ begins a hint */
		token.text.data = ++to;
		token.type = in_word(*to) ? TOKEN_PARAMETER : TOKEN_OTHER;
		to += *to == '@';
		while (in_word(*to))
			to++;
	} else {
		to++;
	}
	*at = to ? to : from;
	token.text.len = (size_t)(*at - token.text.data);
	return token;
}

static int
refuse(struct buf *reason, const char *what)
{
	buf_puts(reason, what);
	return -1;
}

/* Checks that a statement begins as one that only reads. */
static int
check_start(const char *sql, struct buf *reason)
{
	static const char *const words[] = {"SELECT", "WITH", "FROM"};
	struct token token;

	do
		token = take_token(&sql);
	while (token.type == TOKEN_OTHER && *token.text.data == '(');
	if (token.type == TOKEN_END)
		return refuse(reason, "no statement");
	for (size_t i = 0; token.type == TOKEN_WORD && i < 3; i++) {
		if (strlen(words[i]) == token.text.len &&
		    !strncasecmp(words[i], token.text.data, token.text.len))
			return 0;
	}
	return refuse(reason, "a query can only read: one SELECT");
}

/* Checks a token within the statement, and notes a parameter. */
static int
check_token(const struct token *token,
    const struct warehouse_parameters *parameters, struct cols *seen,
    struct buf *reason)
{
	int len = (int)token->text.len;

	if (token->type == TOKEN_UNCLOSED)
		return refuse(reason, "a quote or backtick is not closed");
	if (token->type == TOKEN_OTHER && *token->text.data == '?')
		return refuse(reason, "parameter ?: only @NAME is one");
	if (token->type != TOKEN_PARAMETER)
		return 0;
	if (!warehouse_parameters_find(parameters, token->text)) {
		buf_printf(reason, "parameter @%.*s is not given", len,
		    token->text.data);
		return -1;
	}
	if (cols_find(seen, token->text) < 0)
		cols_add(seen, token->text);
	return 0;
}

/* Checks all tokens: one statement, and parameters that are given. */
static int
check_tokens(const char *sql, const struct warehouse_parameters *parameters,
    struct cols *seen, struct buf *reason)
{
	bool ended = false;
	struct token token;

	for (;;) {
		token = take_token(&sql);
		if (token.type == TOKEN_END)
			return 0;
		if (token.type == TOKEN_OTHER && *token.text.data == ';')
			ended = true;
		else if (ended)
			return refuse(reason, "more than one statement");
		else if (check_token(&token, parameters, seen, reason))
			return -1;
	}
}

int
bigquery_scan(const char *sql, const struct warehouse_parameters *parameters,
    struct buf *reason)
{
	struct cols seen = {0};
	int result = check_start(sql, reason) ||
			     check_tokens(sql, parameters, &seen, reason)
			 ? -1
			 : 0;

	for (size_t i = 0; !result && i < parameters->count; i++) {
		const char *name = parameters->items[i].schema->fields[0].name;

		if (cols_find(&seen, slice_of(name)) < 0) {
			buf_printf(reason,
			    "parameter @%s does not stand in the query", name);
			result = -1;
		}
	}
	cols_release(&seen);
	return result;
}
