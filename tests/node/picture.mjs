// picture.mjs REPORT.html OUT.png - the top of a report and its patch levels, side by side.
import { chromium } from "playwright-core";
import { pathToFileURL } from "node:url";

const [, , report, out] = process.argv;
const browser = await chromium.launch({
	executablePath: process.env.CHROMIUM || "/usr/bin/chromium",
	args: ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"],
});
const context = await browser.newContext({ viewport: { width: 1150, height: 900 }, colorScheme: "light" });
const page = await context.newPage();
await page.goto(pathToFileURL(report).href);
const parts = [await page.screenshot()];
await page.evaluate(() => document.querySelector("#levels h2").scrollIntoView({ behavior: "instant" }));
await page.waitForTimeout(300);
parts.push(await page.screenshot());
const both = await (await browser.newContext({ viewport: { width: 1800, height: 704 } })).newPage();
await both.setContent("<style>body{margin:0;display:flex}img{width:900px;height:704px}</style>" +
	parts.map((p) => `<img src="data:image/png;base64,${p.toString("base64")}">`).join(""));
await both.waitForFunction(() => [...document.images].every((i) => i.complete));
await both.screenshot({ path: out });
await browser.close();
