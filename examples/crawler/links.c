/*
 * links.c - see links.h
 *
 * A state is a function of the next byte. It is a small part of what the HTML
 * standard calls tokenization (13.2.5), with its names where there are some.
 */
#include "links.h"

#include <ctype.h>

static void step_data(struct links *links, char c);
static void step_before_attribute(struct links *links, char c);
static void step_attribute_name(struct links *links, char c);

static bool is_blank(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

/* --- names --- */

static void begin_name(struct links *links)
{
    links->name_size = 0;
    links->name[0] = '\0';
}

/* What is longer than any name we know is cut off, and then is none of them. */
static void add_to_name(struct links *links, char c)
{
    if (links->name_size == sizeof links->name - 1)
        return;
    links->name[links->name_size++] = (char)tolower((unsigned char)c);
    links->name[links->name_size] = '\0';
}

/* --- values --- */

static void add_to_value(struct links *links, char c)
{
    if (links->value_size <= URL_LIMIT)
        links->value[links->value_size++] = c;
}

/* "&amp;" in an attribute is "&"; other references are rare in links. */
static void decode(struct links *links)
{
    static const char amp[] = "&amp;";
    size_t out = 0;

    for (size_t in = 0; in < links->value_size; out++) {
        struct text rest = {links->value + in, links->value_size - in};

        links->value[out] = links->value[in];
        in += text_begins(rest, amp) ? sizeof amp - 1 : 1;
    }
    links->value_size = out;
}

static void end_value(struct links *links)
{
    if (links->in_anchor && !strcmp(links->name, "href") &&
        links->value_size <= URL_LIMIT) {
        decode(links);
        links->found(links->argument,
                     (struct text){links->value, links->value_size});
    }
}

/* --- tags --- */

/* The tag is complete. */
static void end_tag(struct links *links)
{
    links->in_anchor = false;
    links->step = step_data;
}

static void step_value(struct links *links, char c)
{
    if (links->quote ? c == links->quote : is_blank(c) || c == '>') {
        end_value(links);
        links->step = step_before_attribute;
        if (c == '>')
            step_before_attribute(links, c);
    } else {
        add_to_value(links, c);
    }
}

static void step_before_value(struct links *links, char c)
{
    if (is_blank(c))
        return;
    links->quote = c == '"' || c == '\'' ? c : '\0';
    links->value_size = 0;
    links->step = step_value;
    if (!links->quote)
        step_value(links, c);
}

/* A blank behind a name, or more: a '=', or another attribute. */
static void step_after_name(struct links *links, char c)
{
    if (is_blank(c))
        return;
    links->step = step_before_value;
    if (c != '=')
        step_before_attribute(links, c);
}

static void step_attribute_name(struct links *links, char c)
{
    if (is_blank(c) || c == '=' || c == '>' || c == '/') {
        links->step = step_after_name;
        step_after_name(links, c);
    } else {
        add_to_name(links, c);
    }
}

static void step_before_attribute(struct links *links, char c)
{
    links->step = step_before_attribute;
    if (c == '>') {
        end_tag(links);
    } else if (!is_blank(c) && c != '/') {
        begin_name(links);
        add_to_name(links, c);
        links->step = step_attribute_name;
    }
}

/* --- what follows a '<' --- */

/* The name of a tag is complete: what does it mean? */
static void know_tag(struct links *links)
{
    const char *name = links->name;

    links->in_anchor = !strcmp(name, "a");
    links->ends_by = NULL;
    if (!strcmp(name, "script"))
        links->ends_by = "/script";
    else if (!strcmp(name, "style"))
        links->ends_by = "/style";
}

static void step_tag_name(struct links *links, char c)
{
    if (!is_blank(c) && c != '>' && c != '/' && (c != '<' || !links->ends_by)) {
        add_to_name(links, c);
        return;
    }
    links->step = step_data;
    if (links->ends_by && strcmp(links->name, links->ends_by) != 0) {
        step_data(links, c); /* part of the script */
        return;
    }
    know_tag(links);
    step_before_attribute(links, c);
}

/* In a comment, which "-->" ends; two dashes in a row have been counted. */
static void step_comment(struct links *links, char c)
{
    if (c == '-')
        links->dashes++;
    else if (c == '>' && links->dashes >= 2)
        links->step = step_data;
    else
        links->dashes = 0;
}

/* "<!DOCTYPE html>" */
static void step_declaration(struct links *links, char c)
{
    if (c == '>')
        links->step = step_data;
}

/* "<!", and perhaps the dashes that begin a comment. */
static void step_markup(struct links *links, char c)
{
    if (c != '-') {
        links->step = step_declaration;
        step_declaration(links, c);
    } else if (++links->dashes == 2) {
        links->step = step_comment; /* "<!-->" is one already */
    }
}

static void step_tag_open(struct links *links, char c)
{
    if (c == '!' && !links->ends_by) {
        links->dashes = 0;
        links->step = step_markup;
    } else if (isalpha((unsigned char)c) || c == '/') {
        begin_name(links);
        add_to_name(links, c);
        links->step = step_tag_name;
    } else { /* it was a mere '<' */
        links->step = step_data;
        step_data(links, c);
    }
}

static void step_data(struct links *links, char c)
{
    if (c == '<')
        links->step = step_tag_open;
}

/* --- the whole --- */

void links_begin(struct links *links, links_found found, void *argument)
{
    *links =
        (struct links){.step = step_data, .found = found, .argument = argument};
}

void links_take(struct links *links, struct text piece)
{
    for (size_t i = 0; i < piece.size; i++)
        links->step(links, piece.start[i]);
}
