/* config_usage.c - what each command is, in the order of `exvet --help'. */
#include <stddef.h>

#include "config_inner.h"

const struct config_usage config_usages[] = {
	{
		.name = "scan", .command = CONFIG_SCAN, .operands = "TARGET ...",
		.summary = "probe servers and judge them",
		.text = "A TARGET is a name, name:port, [IPv6]:port, URL, address, CIDR block, "
		    "range (10.0.0.1-50), @FILE, or - for standard input.",
	}, {
		.name = "report", .command = CONFIG_REPORT, .operands = "FILE.jsonl ...",
		.summary = "judge stored observations again; no packet is sent",
		.text = "FILE.jsonl is what `exvet scan -o jsonl' wrote; - is standard input.",
	}, {
		.name = "diff", .command = CONFIG_DIFF, .operands = "OLD.jsonl NEW.jsonl",
		.summary = "what is new, gone, fixed and regressed between two stored runs",
		.text = "Each run is judged as of the day of its scan, by the same table and policy.  "
		    "Formats are text, csv and jsonl.",
	}, {
		.name = "merge", .command = CONFIG_MERGE, .operands = "FILE.jsonl ...",
		.summary = "join the runs of several scanners and vantage points",
		.text = "JSON Lines keep every view of a server, the worst one first; other formats show "
		    "each server once, by rule the worst that any view saw.",
	}, {
		.name = "builds", .command = CONFIG_BUILDS, .operands = "[BUILD ...]",
		.summary = "look builds up in the table, offline",
		.text = "A BUILD has two to four parts: 15.2.1748.39, 15.2.1748.  Without one the "
		    "whole table is printed.",
	}, {
		.name = "policy", .command = CONFIG_POLICY, .operands = "check FILE ...|show",
		.summary = "check a policy file, or show what the policy is and where it comes from",
		.text = "`exvet policy show --policy NAME' shows one that is shipped; it can be used as "
		    "a file.",
	}, {
		.name = "mail", .command = CONFIG_MAIL, .operands = "FILE.eml ...",
		.summary = "read builds from the Received lines of a mail; no packet is sent",
	}, {
		.name = "list", .command = CONFIG_LIST,
		.operands = "WHAT",
		.summary = "list what the program knows",
		.text = "WHAT is one of probes, facts, rules, formats, limits, frameworks, and unseen: "
		    "what no scan of the network can see.",
	}, {
		.name = "explain", .command = CONFIG_EXPLAIN, .operands = "RULE ...",
		.summary = "what a rule checks, why it matters and what to do",
	}, {
		.name = "config", .command = CONFIG_CONFIG, .operands = "show",
		.summary = "show each option, its value and where that came from",
		.text = "Every option of the other commands is accepted too.  The output can be "
		    "used as an INI file.",
	},
	{ .name = NULL }
};

/* Under its own name, so not in `exvet --help'. */
static const struct config_usage check_usage = {
	.name = "check_exchange", .command = CONFIG_CHECK, .operands = "",
	.summary = "vet one Exchange server, or one pool, for a monitoring system",
};

const struct config_usage *
config_usage_of(enum config_command command)
{
	for (const struct config_usage *u = config_usages; u->name != NULL; u++)
		if (u->command == command)
			return u;
	return command == CONFIG_CHECK ? &check_usage : NULL;
}
