/* url.c - see url.h */
#include "url.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <stdio.h>

CEDE_EXCEPTION(UrlError, cede_ValueError);

enum { HTTP_PORT = 80 };

/* --- pieces --- */

/* Without blanks around it and without its fragment. */
static struct text tidy(struct text text)
{
    text = text_trim(text);
    text = text_cut(&text, '#');
    for (size_t i = 0; i < text.size; i++)
        if ((unsigned char)text.start[i] < ' ' || text.start[i] == 0x7f)
            cede_raise(UrlError, "a control character in a URL");
    return text;
}

/* How many bytes of it are a scheme, the colon not counted; 0: none. */
static size_t scheme_size(struct text text)
{
    size_t size = 0;

    if (!text.size || !isalpha((unsigned char)text.start[0]))
        return 0;
    while (size < text.size && (isalnum((unsigned char)text.start[size]) ||
                                strchr("+-.", text.start[size])))
        size++;
    return size < text.size && text.start[size] == ':' ? size : 0;
}

/* Cuts off what stands before a '/' or '?', which stay. */
static struct text cut_authority(struct text *rest)
{
    struct text part = *rest;

    part.size = 0;
    while (part.size < rest->size && !strchr("/?", rest->start[part.size]))
        part.size++;
    *rest = text_from(*rest, part.size);
    return part;
}

static int parse_port(struct text digits)
{
    int port = 0;

    if (!digits.size)
        return HTTP_PORT; /* "host:" */
    for (size_t i = 0; i < digits.size; i++) {
        if (!isdigit((unsigned char)digits.start[i]))
            cede_raise(UrlError, "a port that is no number");
        port = port * 10 + (digits.start[i] - '0');
        if (port > 65535)
            cede_raise(UrlError, "a port beyond 65535");
    }
    if (!port)
        cede_raise(UrlError, "port 0");
    return port;
}

static void store_host(struct url *url, struct text host)
{
    if (!host.size)
        cede_raise(UrlError, "a URL without a host");
    if (host.size > URL_HOST_LIMIT)
        cede_raise(UrlError, "a host of more than %d bytes", URL_HOST_LIMIT);
    for (size_t i = 0; i < host.size; i++)
        url->host[i] = (char)tolower((unsigned char)host.start[i]);
    url->host[host.size] = '\0';
}

/* "[::1]:8000"; returns what follows the bracket. */
static struct text parse_ipv6(struct url *url, struct text authority)
{
    struct text host = text_from(authority, 1);
    struct text rest = host;
    unsigned char address[16];

    host = text_cut(&rest, ']');
    if (host.start + host.size == rest.start) /* there was no bracket */
        cede_raise(UrlError, "an IPv6 address without its bracket");
    store_host(url, host);
    if (inet_pton(AF_INET6, url->host, address) != 1)
        cede_raise(UrlError, "brackets around what is no IPv6 address");
    return rest;
}

/* "host.example:8000"; returns what follows the host. */
static struct text parse_name(struct url *url, struct text authority)
{
    struct text host = authority;

    host.size = 0;
    while (host.size < authority.size &&
           (isalnum((unsigned char)authority.start[host.size]) ||
            strchr("-._", authority.start[host.size])))
        host.size++;
    store_host(url, host);
    return text_from(authority, host.size);
}

static void parse_authority(struct url *url, struct text authority)
{
    struct text rest;

    if (authority.size && memchr(authority.start, '@', authority.size))
        cede_raise(UrlError, "a URL with a user, whom this program ignores");
    rest = authority.size && authority.start[0] == '['
               ? parse_ipv6(url, authority)
               : parse_name(url, authority);
    if (rest.size && rest.start[0] != ':')
        cede_raise(UrlError, "a host with a character that hosts have not");
    url->port = rest.size ? parse_port(text_from(rest, 1)) : HTTP_PORT;
}

/* --- targets --- */

/* Text that grows up to a limit. */
struct target {
    char bytes[URL_LIMIT + 1];
    size_t size;
};

static void put(struct target *target, char c)
{
    if (target->size == URL_LIMIT)
        cede_raise(UrlError, "a URL of more than %d bytes", URL_LIMIT);
    target->bytes[target->size++] = c;
    target->bytes[target->size] = '\0';
}

/* Characters that no URL has are written as %XX, as browsers do. */
static void put_encoded(struct target *target, struct text text)
{
    static const char digits[] = "0123456789ABCDEF";

    for (size_t i = 0; i < text.size; i++) {
        unsigned char c = (unsigned char)text.start[i];

        if (c > ' ' && c < 0x7f && !strchr("\"<>\\^`{|}", c)) {
            put(target, (char)c);
            continue;
        }
        put(target, '%');
        put(target, digits[c >> 4]);
        put(target, digits[c & 15]);
    }
}

/* Takes "." and ".." out of a path: RFC 3986, 5.2.4. Returns its end. */
static char *remove_dots(char *path)
{
    char *out = path;

    for (char *in = path, *end; *in; in = end) {
        size_t size = 1 + strcspn(in + 1, "/"); /* of "/segment" */
        bool one = size == 2 && in[1] == '.';
        bool two = size == 3 && in[1] == '.' && in[2] == '.';

        end = in + size;
        if (two)
            while (out > path && *--out != '/')
                ;
        if (!one && !two) {
            memmove(out, in, size);
            out += size;
        } else if (!*end) {
            *out++ = '/';
        }
    }
    *out = '\0';
    return out;
}

/* The target of a URL: the path so far, which begins with '/', made simple, and
   the query. */
static void store_target(struct url *url, struct target *path,
                         struct text query)
{
    path->size = (size_t)(remove_dots(path->bytes) - path->bytes);
    put_encoded(path, query);
    memcpy(url->target, path->bytes, path->size + 1);
}

/* --- URLs --- */

/* Behind "http:". */
static void parse_hierarchy(struct url *url, struct text text)
{
    struct target target = {"", 0};
    struct text path, query;

    if (!text_begins(text, "//"))
        cede_raise(UrlError, "a URL without a host");
    text = text_from(text, 2);
    parse_authority(url, cut_authority(&text));
    query = text;
    path = text_cut(&query, '?');
    query = text_from(text, path.size);
    if (!path.size)
        put(&target, '/');
    put_encoded(&target, path);
    store_target(url, &target, query);
}

static void parse_absolute(struct url *url, struct text text, size_t scheme)
{
    struct text name = {text.start, scheme};

    if (!text_is(name, "http"))
        cede_raise(UrlError, "%.*s is not spoken here, only http",
                   scheme < 16 ? (int)scheme : 16, name.start);
    parse_hierarchy(url, text_from(text, scheme + 1));
}

void url_parse(struct url *url, struct text text)
{
    size_t scheme;

    text = tidy(text);
    scheme = scheme_size(text);
    if (!scheme)
        cede_raise(UrlError, "a URL without http:// before it");
    parse_absolute(url, text, scheme);
}

/* A path, or nothing but a query, that stands on the page `base`. */
static void join_path(struct url *url, const struct url *base, struct text path,
                      struct text query)
{
    struct target target = {"", 0};
    struct text old_query = text_of(base->target);
    struct text old_path = text_cut(&old_query, '?');

    if (path.size && path.start[0] != '/') /* in the same folder */
        while (old_path.start[old_path.size - 1] != '/')
            old_path.size--;
    if (!path.size || path.start[0] != '/')
        put_encoded(&target, old_path);
    put_encoded(&target, path);
    if (!path.size && !query.size) /* the page itself */
        query = text_from(text_of(base->target), old_path.size);
    store_target(url, &target, query);
    if (url != base) {
        memcpy(url->host, base->host, sizeof url->host);
        url->port = base->port;
    }
}

void url_join(struct url *url, const struct url *base, struct text reference)
{
    struct text text = tidy(reference), query = text, path;
    size_t scheme = scheme_size(text);

    if (scheme) {
        parse_absolute(url, text, scheme);
        return;
    }
    if (text_begins(text, "//")) {
        parse_hierarchy(url, text);
        return;
    }
    path = text_cut(&query, '?');
    join_path(url, base, path, text_from(text, path.size));
}

void url_write_authority(const struct url *url, char text[URL_AUTHORITY_SIZE])
{
    const char *form = strchr(url->host, ':') ? "[%s]" : "%s";
    size_t size = (size_t)snprintf(text, URL_AUTHORITY_SIZE, form, url->host);

    if (url->port != HTTP_PORT)
        snprintf(text + size, URL_AUTHORITY_SIZE - size, ":%d", url->port);
}

void url_write(const struct url *url, char text[URL_SIZE])
{
    char authority[URL_AUTHORITY_SIZE];

    url_write_authority(url, authority);
    snprintf(text, URL_SIZE, "http://%s%s", authority, url->target);
}

bool url_same_site(const struct url *a, const struct url *b)
{
    return a->port == b->port && !strcmp(a->host, b->host);
}
