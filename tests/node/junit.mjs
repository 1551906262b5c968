// junit.mjs FILE - what a JUnit parser reads in it, as JSON.
import { parse } from "junit2json";
import { readFileSync } from "node:fs";

const suites = await parse(readFileSync(process.argv[2], "utf8"));
const cases = suites.testsuite.flatMap((s) => s.testcase ?? []);
console.log(JSON.stringify({
	suites: suites.testsuite.length, cases: cases.length,
	names: suites.testsuite.map((s) => s.name),
	failures: cases.filter((c) => c.failure).length, errors: cases.filter((c) => c.error).length,
	skipped: cases.filter((c) => c.skipped).length,
	said: suites.testsuite.reduce((n, s) => n + s.failures, 0),
}));
