/*
 * version.h - which cede this is
 *
 * The three numbers below are the only place where the version is written;
 * the build reads them from here. Semantic versioning: until 1.0 a new minor
 * version may change the API.
 */
#pragma once

#include "cede/impl/platform.h"

#pragma GCC system_header

/* The version of these headers, number by number. */
#define CEDE_VERSION_MAJOR 0
#define CEDE_VERSION_MINOR 1
#define CEDE_VERSION_PATCH 0

#define cede_impl_version_text_(x) #x
#define cede_impl_version_text(x) cede_impl_version_text_(x)

/* The version of these headers, as text: "0.1.0". */
#define CEDE_VERSION \
    cede_impl_version_text(CEDE_VERSION_MAJOR) \
    "." cede_impl_version_text(CEDE_VERSION_MINOR) "." \
    cede_impl_version_text(CEDE_VERSION_PATCH)

/* The same as a number that #if can compare: 0.1.0 is 100. */
#define CEDE_VERSION_NUMBER \
    (CEDE_VERSION_MAJOR * 10000 + CEDE_VERSION_MINOR * 100 + \
     CEDE_VERSION_PATCH)

CEDE_IMPL_BEGIN

/*
 * The version of the library that is linked, which may differ from
 * CEDE_VERSION when it is shared. A constant string: never freed. Any thread;
 * never suspends, never raises.
 *
 * Python: sys.version.
 */
const char *cede_version(void);

CEDE_IMPL_END
