// SPDX-License-Identifier: ISC

//go:build tools

// Package emulators pins the servers that tests/emulators.bats runs against.
package emulators

import (
	_ "github.com/fsouza/fake-gcs-server"
	_ "github.com/goccy/bigquery-emulator/cmd/bigquery-emulator"
)
