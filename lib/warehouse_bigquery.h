/* SPDX-License-Identifier: ISC */
/*
 * warehouse_bigquery - a warehouse in a project of BigQuery
 *
 * The API is spoken to as gcp.h says, so an emulator can take its place.
 * $SLUICE_LOCATION says where jobs run and datasets are made, as EU; without
 * it the service chooses, for a query by the datasets that it names.
 */
#ifndef WAREHOUSE_BIGQUERY_H
#define WAREHOUSE_BIGQUERY_H

#include "warehouse.h"

/* A warehouse in a project; location is borrowed. */
struct warehouse *warehouse_bigquery_new(
    const char *location, const char *project);

#endif
