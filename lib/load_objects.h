/* SPDX-License-Identifier: ISC */
/*
 * load_objects - objects of CSV into a table of a warehouse, exactly once
 *
 * Objects are named by URL (place.h) and have the same header. A warehouse
 * that can take objects by itself, as BigQuery those of gs://, is told which;
 * their rows then do not pass through here. The content of such a load, of
 * which its id is made, is the header and, in the order of the URLs, a line
 * "URL GENERATION CRC32C" for each: what an object holds never changes under
 * one generation, which is looked at again after they were read.
 *
 * For any other warehouse or store the objects are read here, verified to the
 * last byte, one after another, as if they were one input.
 */
#ifndef LOAD_OBJECTS_H
#define LOAD_OBJECTS_H

#include "load.h"

/*
 * Loads the objects and appends the receipt. Dies if something is wrong, with
 * the URL of the object it is about.
 */
void load_xobjects(struct warehouse *warehouse,
    const struct load_request *request, char *const *urls, size_t count,
    struct buf *receipt);

#endif
