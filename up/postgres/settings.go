package postgres

import (
	"fmt"
	"strings"
)

// settings is the cluster's whole configuration, written anew at each start so that it moves with the program. Durable first:
// a commit that was answered survives a power failure. Small: 128 MB shared, on a machine that runs everything else too.
//
// The log never holds what people wrote: neither statements nor parameters, and no errors at all, since the text of an error
// may quote a value. What goes wrong with a statement is logged by the service that sent it.
const settings = `
listen_addresses = ''
unix_socket_permissions = 0700
max_connections = 100
superuser_reserved_connections = 3
password_encryption = scram-sha-256

fsync = on
synchronous_commit = on
full_page_writes = on
wal_compression = on
max_wal_size = 2GB
checkpoint_timeout = 5min
checkpoint_completion_target = 0.9
recovery_init_sync_method = syncfs

shared_buffers = 128MB
effective_cache_size = 1GB
work_mem = 8MB
maintenance_work_mem = 64MB
random_page_cost = 1.1
effective_io_concurrency = 32
jit = off
huge_pages = try

timezone = 'UTC'
lc_messages = 'C'
default_text_search_config = 'pg_catalog.simple'

logging_collector = on
log_filename = 'postgresql-%a.log'
log_rotation_age = 1d
log_rotation_size = 0
log_truncate_on_rotation = on
log_file_mode = 0600
log_timezone = 'UTC'
log_line_prefix = '%m [%p] '
log_min_messages = log
log_min_error_statement = panic
log_error_verbosity = terse
log_statement = none
log_min_duration_statement = -1
log_parameter_max_length = 0
log_parameter_max_length_on_error = 0
`

// hba lets nobody in without a password, and nobody in from the network.
const hba = "local all all scram-sha-256\n"

// configuration adds where things lie.
func configuration(paths map[string]string) string {
	var text strings.Builder
	text.WriteString("# Written at each start; changes are lost.\n")
	for _, name := range []string{"hba_file", "log_directory", "unix_socket_directories"} {
		fmt.Fprintf(&text, "%s = '%s'\n", name, strings.ReplaceAll(paths[name], "'", "''"))
	}
	text.WriteString(settings)
	return text.String()
}
