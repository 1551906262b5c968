/* config_table.c - the one table of options, and the usage of each command. */
#include "config-build.h"

#include <stddef.h>

#include "config_inner.h"

#define AT(member)	.offset = offsetof(struct config, member)
#define DAYS		3650
#define STATES		"ok|warning|critical|unknown|0|1|2|3"
#define MINUTES(n)	((n) * INT64_C(60000))

enum {
	JUDGES = CONFIG_SCAN | CONFIG_REPORT | CONFIG_MAIL | CONFIG_DIFF | CONFIG_MERGE,
	MONITORS = CONFIG_SCAN | CONFIG_REPORT | CONFIG_CHECK,
	WRITES = CONFIG_SCAN | CONFIG_REPORT | CONFIG_BUILDS | CONFIG_LIST | CONFIG_MAIL |
	    CONFIG_DIFF | CONFIG_MERGE,
};

const struct config_option config_options[] = {
	/* ---- targets ---- */
	{
		.section = "targets", .name = "input", .letter = 'i', .type = OPT_LIST,
		AT(inputs), .value = "FILE", .commands = CONFIG_SCAN,
		.check = config_check_text,
		.help = "read targets from FILE; - is standard input",
		.text = "Lists of targets, nmap XML, masscan output and the program's own "
		    "JSON Lines are told apart by their content.  "
		    "May be given more than once, and beside targets on the command line.",
	}, {
		.section = "targets", .name = "exclude", .type = OPT_LIST,
		AT(exclude), .value = "LIST", .commands = CONFIG_SCAN,
		.check = config_check_exclude,
		.help = "never touch these: addresses, CIDR blocks, ranges, names",
		.text = "An address is excluded also when a name resolves to it.",
	}, {
		.section = "targets", .name = "exclude-file", .type = OPT_LIST,
		AT(exclude_files), .value = "FILE", .commands = CONFIG_SCAN,
		.check = config_check_text,
		.help = "never touch what FILE lists, one a line",
	}, {
		.section = "targets", .name = "resolve", .type = OPT_LIST,
		AT(resolve), .value = "HOST:ADDR", .commands = CONFIG_SCAN | CONFIG_CHECK,
		.check = config_check_resolve,
		.help = "use ADDR for HOST instead of asking the name service",
		.text = "An IPv6 address may stand in brackets.  "
		    "More than one address for one name may be given.",
	}, {
		.section = "targets", .name = "port", .letter = 'p', .type = OPT_LIST,
		AT(ports), .value = "[PROBE=]NUMBER", .commands = CONFIG_SCAN | CONFIG_CHECK,
		.check = config_check_port,
		.help = "web port of targets that name none, or the port of one probe",
		.text = "A bare number, or https=NUMBER, is the port for targets that do not "
		    "name one.  PROBE=NUMBER moves one probe, as smb=1445 does, and the TLS of the "
		    "same service with it; a probe of no profile runs when it is named so, as "
		    "transport=2525 and smtps=465 do.  With smb=139 a NetBIOS session is asked for "
		    "first.  Of two ports for one probe the last counts.  "
		    "Services beside the web (SMB, mail) are asked on targets whose web port "
		    "is 443; where another port or http:// is named, only with the profile full, "
		    "with --probes, or when PROBE=NUMBER names them.",
	}, {
		.section = "targets", .name = "name", .type = OPT_STRING,
		AT(name), .value = "NAME", .commands = CONFIG_SCAN | CONFIG_CHECK,
		.check = config_check_host,
		.help = "name for SNI and Host, for targets given as addresses",
		.text = "Every target of the run is asked under this name.",
	}, {
		.section = "targets", .name = "all-addresses", .type = OPT_FLAG,
		AT(all_addresses), .fallback = "no", .commands = CONFIG_SCAN | CONFIG_CHECK,
		.help = "probe every address of a name, and compare",
		.text = "Each address gives a result of its own.",
	}, {
		.section = "targets", .name = "ipv4", .letter = '4', .type = OPT_FLAG,
		AT(ipv4_only), .fallback = "no", .commands = CONFIG_SCAN | CONFIG_CHECK,
		.alias = "use-ipv4",
		.help = "use IPv4 addresses only",
	}, {
		.section = "targets", .name = "ipv6", .letter = '6', .type = OPT_FLAG,
		AT(ipv6_only), .fallback = "no", .commands = CONFIG_SCAN | CONFIG_CHECK,
		.alias = "use-ipv6",
		.help = "use IPv6 addresses only",
	}, {
		.section = "targets", .name = "strict", .type = OPT_FLAG,
		AT(strict), .fallback = "no", .commands = JUDGES,
		.help = "stop at a bad line before the first packet; exit 3 when a target "
		    "could not be judged",
		.text = "Every list is read whole before the scan starts.",
	},
	/* ---- probe ---- */
	{
		.section = "probe", .name = "profile", .type = OPT_CHOICE,
		AT(profile), .fallback = "standard", .choices = "quick|standard|full",
		.value = "NAME", .commands = CONFIG_SCAN | CONFIG_CHECK,
		.help = "how much to ask",
		.text = "quick sends one to three requests and stops when the build is settled.  "
		    "standard reads every witness of the build.  "
		    "full runs every probe there is.",
	}, {
		.section = "probe", .name = "probes", .type = OPT_LIST,
		AT(probes), .value = "NAME,...", .commands = CONFIG_SCAN | CONFIG_CHECK,
		.check = config_check_probe,
		.help = "run just these probes, whatever the profile says",
		.text = "tls is the one that --tls chooses.",
	}, {
		.section = "probe", .name = "tls", .type = OPT_CHOICE,
		AT(tls), .fallback = "auto", .choices = "auto|posture|exact|none",
		.value = "DEPTH", .commands = CONFIG_SCAN,
		.help = "how deep to ask for TLS: posture, exact, none",
		.text = "posture tells good from bad in about five hellos, each on a connection of "
		    "its own; exact finds every version, suite and group; none asks nothing, of mail and "
		    "the back end neither.  auto is exact for one "
		    "target and posture for a list; --profile quick then asks nothing.  exact takes "
		    "a suite of TLS 1.2 and a group of TLS 1.3 to be those of the neighbouring version "
		    "too once that version chose from the same list, and says so in the evidence; with "
		    "--profile full each version is asked to its end, for every ffdhe group and "
		    "signature scheme as well.  A mail server that makes us wait for its greeting gets "
		    "posture alone.",
	}, {
		.section = "probe", .name = "samples", .type = OPT_NUMBER,
		AT(samples), .min = 0, .max = 100, .fallback = "0",
		.value = "NUMBER", .commands = CONFIG_SCAN | CONFIG_CHECK,
		.help = "ask so many times on fresh connections, to meet the members of a pool",
		.text = "Behind a balancer each connection may reach another server.  Each sample "
		    "is two connections without cookies; members, their builds, certificates and "
		    "health are compared.",
	}, {
		.section = "probe", .name = "proxy", .type = OPT_STRING,
		AT(proxy), .value = "URL", .commands = CONFIG_SCAN | CONFIG_CHECK, .check = config_check_proxy,
		.help = "reach targets through this HTTP or SOCKS proxy",
		.text = "Without it targets are reached directly, whatever http_proxy says in the "
		    "environment.  "
		    "Schemes are http, https, socks4, socks4a, socks5 and socks5h.",
	}, {
		.section = "probe", .name = "user-agent", .letter = 'A', .type = OPT_STRING,
		.alias = "useragent",
		AT(user_agent), .fallback = "exvet/@VERSION@ (Exchange patch audit)",
		.value = "TEXT", .commands = CONFIG_SCAN | CONFIG_CHECK, .check = config_check_header,
		.help = "User-Agent header to send",
	}, {
		.section = "probe", .name = "header", .letter = 'k', .type = OPT_LIST,
		AT(headers), .value = "NAME:VALUE", .commands = CONFIG_SCAN | CONFIG_CHECK,
		.check = config_check_field,
		.whole = true,
		.help = "send this header with every HTTP request; may be repeated",
		.text = "For a gateway that asks for one.  It is sent to every target.  A comma belongs "
		    "to the header here, and separates headers in files and in the environment.",
	}, {
		.section = "probe", .name = "contact", .type = OPT_STRING,
		AT(contact), .value = "TEXT", .commands = CONFIG_SCAN | CONFIG_CHECK, .check = config_check_header,
		.help = "URL or mail address added to the User-Agent, for whoever reads the logs",
	}, {
		.section = "probe", .name = "ehlo", .type = OPT_STRING,
		AT(ehlo), .fallback = "exvet.invalid", .value = "NAME", .commands = CONFIG_SCAN,
		.check = config_check_host,
		.help = "name of this host, said to SMTP servers",
		.text = "The default is honest (RFC 2606 sets .invalid aside) and tells nothing "
		    "about who scans; a server may want one that it can look up.",
	}, {
		.section = "probe", .name = "vantage", .type = OPT_STRING,
		AT(vantage), .value = "NAME", .commands = CONFIG_SCAN, .check = config_check_text,
		.help = "where this scan looks from, noted in every result",
		.text = "For example lan; what nobody outside needs fails when it is open to a place that is "
		    "called internet, external, extern, outside, public or wan, and warns elsewhere.",
	}, {
		.section = "probe", .name = "ca-file", .type = OPT_STRING,
		AT(ca_file), .value = "FILE", .commands = CONFIG_SCAN | CONFIG_CHECK, .check = config_check_text,
		.alias = "ca-cert",
		.help = "certificates that are trusted, PEM, instead of the system's",
	}, {
		.section = "probe", .name = "connect-timeout", .type = OPT_DURATION,
		AT(connect_timeout_ms), .min = 1, .max = MINUTES(10), .fallback = "5s",
		.value = "TIME", .commands = CONFIG_SCAN | CONFIG_CHECK,
		.help = "longest wait for a connection",
	}, {
		.section = "probe", .name = "request-timeout", .type = OPT_DURATION,
		AT(request_timeout_ms), .min = 1, .max = MINUTES(60), .fallback = "10s",
		.value = "TIME", .commands = CONFIG_SCAN | CONFIG_CHECK,
		.help = "longest wait for one whole reply",
	}, {
		.section = "probe", .name = "target-timeout", .type = OPT_DURATION,
		AT(target_timeout_ms), .min = 1, .max = MINUTES(60), .fallback = "60s",
		.value = "TIME", .commands = CONFIG_SCAN,
		.help = "longest time for one target",
		.text = "What was seen by then is kept and judged; a service beside the web that "
		    "is late is unseen, and no more than that.",
	}, {
		.section = "probe", .name = "parallel", .letter = 'j', .type = OPT_NUMBER,
		AT(parallel), .min = 1, .max = 20000, .fallback = "200",
		.value = "NUMBER", .commands = CONFIG_SCAN,
		.help = "live targets in flight at once",
	}, {
		.section = "probe", .name = "connections", .type = OPT_NUMBER,
		AT(connections), .min = 1, .max = 64, .fallback = "4",
		.value = "NUMBER", .commands = CONFIG_SCAN,
		.help = "connections to one server at a time",
		.text = "Web, TLS, SMB and mail together.",
	}, {
		.section = "probe", .name = "threads", .type = OPT_NUMBER,
		AT(threads), .min = 1, .max = 64, .fallback = "1",
		.value = "NUMBER", .commands = CONFIG_SCAN,
		.help = "worker threads, each with a loop of its own",
	}, {
		.section = "probe", .name = "rate", .type = OPT_NUMBER,
		AT(rate), .min = 0, .max = 1000000, .fallback = "0",
		.value = "NUMBER", .commands = CONFIG_SCAN,
		.help = "new targets a second; 0: no limit",
	},
	/* ---- judge ---- */
	{
		/* EXVET_TABLE is the place of the bundled table: another thing */
		.section = "judge", .name = "table", .type = OPT_STRING, .no_variable = true,
		AT(table), .value = "FILE",
		.commands = JUDGES | CONFIG_BUILDS | CONFIG_CHECK | CONFIG_POLICY,
		.check = config_check_text,
		.help = "table of builds to judge by, instead of the bundled one",
		.text = "It is checked against the schema, and nothing runs on a table with a "
		    "fault.",
	}, {
		.section = "judge", .name = "as-of", .type = OPT_DAY,
		AT(as_of), .value = "DATE",
		.commands = JUDGES | CONFIG_BUILDS | CONFIG_CHECK | CONFIG_POLICY,
		.help = "judge as of this day (YYYY-MM-DD) instead of today",
		.text = "Updates released and vulnerabilities disclosed after that day do not "
		    "count.",
	}, {
		.section = "judge", .name = "fail-on", .type = OPT_CHOICE,
		AT(fail_on), .fallback = "never", .choices = "info|low|medium|high|critical|new|never",
		.value = "LEVEL", .commands = JUDGES,
		.help = "exit 1 when a finding is at least this severe",
		.text = "Findings with the verdict fail or warn count, unless waived.  new: exit 1 when "
		    "a finding is new or regressed since the other run, with --compare or diff.",
	},
	/* ---- policy ---- */
	{
		.section = "policy", .name = "policy", .type = OPT_STRING,
		AT(policy_file), .value = "NAME|FILE",
		.commands = JUDGES | CONFIG_CHECK | CONFIG_POLICY, .check = config_check_text,
		.help = "policy to judge by: default, cisa-2025, strict, or a file",
		.text = "It sets what follows here, which rules count and how severe they are, and may "
		    "hold waivers; see exvet-policy(5).  It is stronger than INI files and environment, "
		    "and weaker than other arguments.",
	}, {
		.section = "policy", .name = "waivers", .type = OPT_STRING,
		AT(waivers_file), .value = "FILE",
		.commands = JUDGES | CONFIG_CHECK | CONFIG_POLICY, .check = config_check_text,
		.help = "waivers besides those of the policy",
	}, {
		.section = "policy", .name = "grace-days", .type = OPT_NUMBER,
		AT(policy.grace_days), .min = 0, .max = DAYS, .fallback = "14",
		.value = "DAYS", .commands = JUDGES | CONFIG_CHECK | CONFIG_POLICY,
		.help = "a missing update only warns for so long after its release",
	}, {
		.section = "policy", .name = "table-stale-days", .type = OPT_NUMBER,
		AT(policy.table_stale_days), .min = 0, .max = DAYS, .fallback = "0",
		.value = "DAYS", .commands = JUDGES | CONFIG_CHECK | CONFIG_POLICY,
		.help = "age at which the table of builds is itself a finding; 0: a week after "
		    "the first Patch Tuesday that it does not know",
	}, {
		.section = "policy", .name = "cert-warn-days", .type = OPT_NUMBER,
		AT(policy.cert_warn_days), .min = 0, .max = DAYS, .fallback = "30",
		.value = "DAYS", .commands = JUDGES | CONFIG_CHECK | CONFIG_POLICY,
		.help = "warn when the certificate ends within so many days",
	}, {
		.section = "policy", .name = "cert-fail-days", .type = OPT_NUMBER,
		AT(policy.cert_fail_days), .min = 0, .max = DAYS, .fallback = "7",
		.value = "DAYS", .commands = JUDGES | CONFIG_CHECK | CONFIG_POLICY,
		.help = "fail when the certificate ends within so many days",
	}, {
		.section = "policy", .name = "tls-baseline", .type = OPT_STRING,
		AT(policy.tls_baseline), .value = "NAME", .commands = JUDGES | CONFIG_POLICY,
		.check = config_check_text,
		.help = "what TLS is measured by, instead of microsoft",
		.text = "microsoft, mozilla-intermediate, mozilla-modern, nist-800-52r2, "
		    "bsi-tr-02102-2, pci-dss-4, or a file of the same form, whose keys "
		    "exvet-policy(5) explains.  The finding names the line that is broken.",
	}, {
		.section = "policy", .name = "allowed-builds", .type = OPT_STRING,
		AT(policy.allowed_builds), .value = "BUILD,...",
		.commands = JUDGES | CONFIG_CHECK | CONFIG_POLICY, .check = config_check_builds,
		.help = "builds that may run; any other is a finding",
		.text = "15.2.2562.* stands for every build that begins so.",
	}, {
		.section = "policy", .name = "skew-seconds", .type = OPT_NUMBER,
		AT(policy.skew_seconds), .min = 1, .max = 86400, .fallback = "300",
		.value = "SECONDS", .commands = JUDGES | CONFIG_CHECK | CONFIG_POLICY,
		.help = "difference between the clocks that is a finding",
		.text = "Kerberos gives up at 300 seconds by default.",
	}, {
		.section = "policy", .name = "slow-ms", .type = OPT_NUMBER,
		AT(policy.slow_ms), .min = 1, .max = 600000, .fallback = "3000",
		.value = "MS", .commands = JUDGES | CONFIG_POLICY,
		.help = "a first byte that takes so many milliseconds is a finding",
	}, {
		.section = "policy", .name = "may-reach", .type = OPT_STRING,
		AT(policy.may_reach), .value = "WORDS", .commands = JUDGES | CONFIG_POLICY,
		.check = config_check_may_reach,
		.help = "what may rightly be reachable from this vantage point",
		.text = "Any of ecp, powershell, 81 and 444, separated by blanks: reaching them is then "
		    "no finding.",
	}, {
		.section = "policy", .name = "allowed-auth", .type = OPT_STRING,
		AT(policy.allowed_auth), .value = "DIR=SCHEMES", .commands = JUDGES | CONFIG_POLICY,
		.check = config_check_allowed_auth,
		.help = "authentication that each virtual directory may offer",
		.text = "Entries separated by blanks, schemes by +: EWS=NTLM+Negotiate OAB=none.  "
		    "Directories that are not named are not judged by it.",
	},
	/* ---- report ---- */
	{
		.section = "report", .name = "framework", .type = OPT_STRING,
		AT(framework), .value = "NAME", .commands = CONFIG_SCAN | CONFIG_REPORT | CONFIG_MERGE,
		.check = config_check_text,
		.help = "show what the findings say of a framework; all: of every one",
		.text = "`exvet list frameworks' names them.  Findings support evidence for controls; they "
		    "do not make anybody compliant.  The format controls has the same as a table.",
	},
	{
		.section = "report", .name = "import", .type = OPT_LIST,
		AT(imports), .value = "FILE", .commands = CONFIG_REPORT | CONFIG_MERGE,
		.no_variable = true, .check = config_check_text,
		.help = "what HealthChecker.ps1 saw on the servers: its vulnerability report or its XML",
		.text = "It fills what the network could not see or decide, and the rule import-differs "
		    "tells where the two disagree.",
	}, {
		.section = "report", .name = "compare", .type = OPT_STRING,
		AT(compare), .value = "FILE", .commands = CONFIG_REPORT, .no_variable = true,
		.check = config_check_text,
		.help = "show what changed since the run stored in FILE",
		.text = "That run is judged by the same table and policy, as of the day of its scan.  What "
		    "is not seen any more is gone, not fixed.",
	}, {
		.section = "report", .name = "history", .type = OPT_STRING,
		AT(history), .value = "FOLDER", .commands = CONFIG_REPORT,
		.check = config_check_text,
		.help = "show the trend over the runs in FOLDER, one NAME.jsonl a run",
		.text = "Each is judged by the same table and policy, as of the day of its scan.",
	}, {
		.section = "report", .name = "checklist", .type = OPT_STRING,
		AT(checklist), .value = "FILE", .commands = CONFIG_REPORT, .no_variable = true,
		.check = config_check_text,
		.help = "fill this checklist of STIG Viewer (.ckl, .cklb) with what the network shows",
		.text = "The format checklist writes it.  It is of one server: results count that bear its "
		    "name or address.  Only rules that are not reviewed yet are filled; one becomes no "
		    "finding only where all of it shows from the network.",
	},
	/* ---- check: the monitoring plugin, and the formats that speak to monitoring ---- */
	{
		.section = "check", .name = "hostname", .letter = 'H', .type = OPT_STRING,
		.no_variable = true, AT(check.host), .value = "HOST", .commands = CONFIG_CHECK,
		.check = config_check_target,
		.help = "the server: a name or an address, with :PORT if need be",
	}, {
		.section = "check", .name = "IP-address", .letter = 'I', .type = OPT_STRING,
		.no_variable = true, AT(check.address), .value = "ADDR", .commands = CONFIG_CHECK,
		.check = config_check_address,
		.help = "connect to this address; the name stays that of -H",
	}, {
		.section = "check", .name = "timeout", .letter = 't', .type = OPT_DURATION,
		AT(check.timeout_ms), .min = 500, .max = MINUTES(10), .fallback = "10s",
		.value = "TIME", .commands = CONFIG_CHECK,
		.help = "end within this time, whatever the server does",
		.text = "Four fifths of it are for the network.",
	}, {
		.section = "check", .name = "warning", .letter = 'w', .type = OPT_LIST,
		AT(check.warning), .value = "[METRIC=]RANGE", .commands = MONITORS,
		.check = config_check_threshold,
		.help = "WARNING when the metric is outside the range",
		.text = "A bare range is for missing-updates.  May be given more than once; of two for one metric the last counts.",
	}, {
		.section = "check", .name = "critical", .letter = 'c', .type = OPT_LIST,
		AT(check.critical), .value = "[METRIC=]RANGE", .commands = MONITORS,
		.check = config_check_threshold,
		.help = "CRITICAL when the metric is outside the range",
	}, {
		.section = "check", .name = "certificate", .letter = 'C', .type = OPT_STRING,
		AT(check.certificate), .value = "DAYS[,DAYS]", .commands = CONFIG_CHECK,
		.check = config_check_days,
		.help = "WARNING, CRITICAL when the certificate has so many days left, or fewer",
		.text = "As check_http counts: whole days, so -C 30,7 is -w cert-days=31: -c cert-days=8:."
		    " With one number the last day is critical.",
	}, {
		.section = "check", .name = "verify-cert", .letter = 'D', .type = OPT_FLAG,
		AT(check.verify), .fallback = "no", .commands = CONFIG_CHECK,
		.help = "CRITICAL when the certificate is not trusted or names another host",
	}, {
		.section = "check", .name = "ssl", .letter = 'S', .type = OPT_STRING, .optional = true,
		AT(check.ssl), .fallback = "yes", .value = "VERSION[+]", .commands = CONFIG_CHECK,
		.check = config_check_ssl,
		.help = "ask by HTTPS, and by this version of TLS alone: 1 (1.0), 1.1, 1.2, 1.3; with + "
		    "also by newer ones; --no-ssl asks by HTTP",
		.text = "HTTPS is the default, by any version.  No answer in that version is no answer.",
	}, {
		.section = "check", .name = "sni", .type = OPT_FLAG,
		AT(check.sni), .fallback = "yes", .commands = CONFIG_CHECK,
		.help = "send the server's name in TLS, which is always done",
	}, {
		.section = "check", .name = "extra-opts", .type = OPT_STRING, .optional = true,
		.no_variable = true, AT(check.extra_opts), .value = "[SECTION][@FILE]",
		.commands = CONFIG_CHECK, .check = config_check_text,
		.help = "read options from an INI file, as other plugins do",
		.text = "SECTION is check_exchange by default.  Without FILE the usual places of "
		    "monitoring-plugins.ini are searched.",
	}, {
		.section = "check", .name = "checks", .type = OPT_LIST,
		AT(check.groups), .value = "GROUP,...",
		.commands = MONITORS, .check = config_check_group,
		.help = "groups of rules that make the state: patch, support, tls, cert, smb, auth, "
		    "mail, health, exposure; patch,support,cert,health when not given",
	}, {
		.section = "check", .name = "unknown-as", .type = OPT_CHOICE,
		AT(check.unknown_as), .fallback = "unknown", .choices = "unknown|warning|critical",
		.any_case = true, .value = "STATE", .commands = MONITORS,
		.help = "state when the build cannot be proven",
	}, {
		.section = "check", .name = "timeout-result", .type = OPT_CHOICE,
		AT(check.timeout_result), .fallback = "unknown", .choices = STATES,
		.any_case = true, .value = "STATE", .commands = CONFIG_CHECK,
		.help = "state when -t has run out",
	}, {
		.section = "check", .name = "unreachable-state", .type = OPT_CHOICE,
		AT(check.unreachable), .fallback = "critical", .choices = STATES,
		.any_case = true, .value = "STATE", .commands = MONITORS,
		.help = "state when there is no such name, or nothing answers",
	}, {
		.section = "check", .name = "icinga-service", .type = OPT_STRING,
		AT(icinga.service), .fallback = "exchange", .value = "NAME",
		.commands = CONFIG_SCAN | CONFIG_REPORT, .check = config_check_text,
		.help = "service of each host that -o icinga:URL gives results to",
		.text = "The host is the target's tag if it has one, else its name as given.",
	}, {
		.section = "check", .name = "icinga-credentials", .type = OPT_STRING,
		AT(icinga.credentials), .value = "FILE", .commands = CONFIG_SCAN | CONFIG_REPORT,
		.check = config_check_text,
		.help = "file with USER:PASSWORD for the API of Icinga, readable by its owner alone",
		.text = "Without it EXVET_ICINGA_USER and EXVET_ICINGA_PASSWORD count.",
	}, {
		.section = "check", .name = "icinga-ca", .type = OPT_STRING,
		AT(icinga.ca_file), .value = "FILE", .commands = CONFIG_SCAN | CONFIG_REPORT,
		.check = config_check_text,
		.help = "authority of the API of Icinga, PEM, instead of the system's",
		.text = "The certificate of the API is always verified.",
	},
	/* ---- output ---- */
	{
		.section = "output", .name = "output", .letter = 'o', .type = OPT_LIST,
		AT(outputs), .value = "FORMAT[:FILE]", .commands = WRITES,
		.lasting = CONFIG_SCAN | CONFIG_REPORT, .check = config_check_output,
		.help = "write FORMAT to FILE, or to standard output; text when none is given",
		.text = "May be given more than once, each with its own file.  "
		    "JSON Lines are written and flushed a line per finished target; other files "
		    "appear whole, by rename, at the end.  "
		    "The command builds knows text, jsonl and csv; list knows text and jsonl, on "
		    "standard output.",
	}, {
		.section = "output", .name = "color", .type = OPT_CHOICE,
		AT(color), .fallback = "auto", .choices = "auto|always|never",
		.value = "WHEN", .commands = JUDGES | CONFIG_BUILDS,
		.help = "colour the text",
		.text = "auto colours a terminal, and obeys NO_COLOR and CLICOLOR_FORCE.",
	}, {
		.section = "output", .name = "progress", .type = OPT_CHOICE,
		AT(progress), .fallback = "auto", .choices = "auto|always|never",
		.value = "WHEN", .commands = CONFIG_SCAN,
		.help = "show on standard error how far a scan is",
		.text = "auto shows a bar on a terminal and plain lines now and then elsewhere.",
	}, {
		.section = "output", .name = "verbose", .letter = 'v', .type = OPT_COUNT,
		AT(verbose), .min = 0, .max = 3, .fallback = "0",
		.value = "LEVEL", .commands = JUDGES | CONFIG_BUILDS | CONFIG_CHECK,
		.help = "say more; may be repeated",
	},
	{ .name = NULL }
};

size_t
config_count(void)
{
	return sizeof(config_options) / sizeof(config_options[0]) - 1;
}
