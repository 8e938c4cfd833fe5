/* SPDX-License-Identifier: ISC */
#include "csvscan_loop.h"

const struct csvscan_code csvscan_portable = {
    "portable", scan_records, scan_fields, count_lines};
