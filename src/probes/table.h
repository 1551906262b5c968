/* table.h - every probe by its own name, for the table and for tests. */
#ifndef EXVET_PROBES_TABLE_H
#define EXVET_PROBES_TABLE_H

#include "probe.h"

extern const struct probe
	probe_owa, probe_autodiscover, probe_ews, probe_activesync, probe_mapi,
	probe_ecp, probe_powershell, probe_health, probe_ntlm, probe_owa_service,
	probe_autodiscover_svc, probe_mapi_nspi, probe_rpc, probe_oab, probe_root,
	probe_health_all, probe_exporttool, probe_api, probe_bearer, probe_bare,
	probe_plain, probe_backend, probe_backend_plain, probe_pool,
	probe_smb, probe_smb_oldest, probe_smtp, probe_submission, probe_transport, probe_smtps, probe_imap, probe_imaps, probe_pop3, probe_pop3s,
	probe_tls, probe_tls_exact, probe_tls_smtp, probe_tls_submission, probe_tls_imap,
	probe_tls_keys, probe_tls_pop, probe_tls_imaps, probe_tls_pops, probe_tls_backend;

#endif
