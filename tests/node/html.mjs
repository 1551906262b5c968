// html.mjs FILE... - html-validate's complaints, one a line.
import { HtmlValidate } from "html-validate";
import { readFileSync } from "node:fs";

const config = JSON.parse(readFileSync("htmlvalidate.json", "utf8"));
const validate = new HtmlValidate(config);
let looked = 0;
for (const file of process.argv.slice(2)) {
	const report = await validate.validateString(readFileSync(file, "utf8"), file);
	looked++;
	for (const result of report.results)
		for (const m of result.messages)
			console.log(`${file}:${m.line}:${m.column}: ${m.ruleId}: ${m.message}`);
}
console.log(`looked at ${looked}`);
