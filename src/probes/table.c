/* table.c - the probes, in run order. */
#include <stddef.h>

#include "probes/table.h"

const struct probe *const probe_table[] = {
	&probe_owa,
	&probe_autodiscover,
	&probe_ews,
	&probe_activesync,
	&probe_mapi,
	&probe_ecp,
	&probe_powershell,
	&probe_health,
	&probe_ntlm,
	&probe_owa_service,
	&probe_autodiscover_svc,
	&probe_mapi_nspi,
	&probe_rpc,
	&probe_oab,
	&probe_api,
	&probe_root,
	&probe_health_all,
	&probe_bearer,
	&probe_bare,
	&probe_plain,
	&probe_backend,
	&probe_backend_plain,
	&probe_pool,
	&probe_exporttool,		/* last: only where no build is known */
	&probe_smb,
	&probe_smb_oldest,		/* only when it is named */
	&probe_smtp,
	&probe_submission,
	&probe_transport,		/* these two only when they are named */
	&probe_smtps,
	&probe_imap,
	&probe_imaps,
	&probe_pop3,
	&probe_pop3s,
	&probe_tls,
	&probe_tls_exact,
	&probe_tls_keys,
	&probe_tls_backend,
	&probe_tls_smtp,
	&probe_tls_submission,
	&probe_tls_imap,
	&probe_tls_pop,
	&probe_tls_imaps,
	&probe_tls_pops,
	NULL
};
