// browser.mjs DIR - the HTML reports of DIR in a real Chromium; speaks TAP.
import { chromium } from "playwright-core";
import { readFileSync, existsSync } from "node:fs";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const dir = process.argv[2];
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
let n = 0, failed = 0;

function ok(good, name, more = "") {
	n++;
	if (!good) failed++;
	console.log(`${good ? "ok" : "not ok"} ${n} - ${name}`);
	if (!good && more !== "")
		console.log(String(typeof more === "string" ? more : JSON.stringify(more, null, 1))
			.slice(0, 3000).split("\n").map((s) => "# " + s).join("\n"));
	return good;
}

const browser = await chromium.launch({
	executablePath: process.env.CHROMIUM || "/usr/bin/chromium",
	args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
		"--disable-background-networking", "--disable-component-update", "--disable-sync"],
});

// A page, and all that it should not do.
async function open(name, options = {}) {
	const url = pathToFileURL(`${dir}/${name}.html`).href;
	const context = await browser.newContext({ viewport: { width: 1440, height: 1000 }, ...options });
	const page = await context.newPage();
	const seen = [];
	page.on("request", (r) => {
		if (r.url().split("#")[0] !== url && !r.url().startsWith("data:,")) seen.push("request " + r.url());
	});
	page.on("console", (m) => {
		if (m.type() === "error" || m.type() === "warning") seen.push(m.type() + " " + m.text());
	});
	page.on("pageerror", (e) => seen.push("error " + e));
	page.on("dialog", (d) => { seen.push("dialog " + d.message()); d.dismiss(); });
	await page.goto(url);
	return { page, seen, context };
}

const rows = "#list tbody tr:not(.open)";

async function sorts(name) {
	const { page, seen, context } = await open(name);
	const head = page.locator("#list thead button", { hasText: /^Server$/ });
	await head.click();
	const names = await page.locator("#list .host button").allTextContents();
	const want = [...names].sort((a, b) => a.localeCompare(b, "en", { numeric: true }));
	ok(names.length > 10 && JSON.stringify(names) === JSON.stringify(want), `${name}: sorts by name`, names);
	ok(await page.locator("#list th[aria-sort=ascending]").count() === 1, `${name}: says how it is sorted`);
	await head.click();
	const down = await page.locator("#list .host button").allTextContents();
	ok(names[0] !== names.at(-1) && down[0] === names.at(-1), `${name}: sorts the other way`, down);
	ok(seen.length === 0, `${name}: sorting asks for nothing and breaks nothing`, seen);
	await context.close();
}

async function searches(name) {
	const { page, seen, context } = await open(name);
	const all = await page.locator(rows).count();
	const target = await page.locator("#list .host button").nth(Math.min(5, all - 1)).textContent();
	await page.fill("#q", target);
	const left = await page.locator(rows).count();
	ok(left >= 1 && left < all && (await page.locator("#list .host button").allTextContents()).includes(target),
		`${name}: finds a server by its name`, { all, left, target });
	await page.fill("#q", "no such server anywhere");
	ok(await page.locator(rows).count() === 0, `${name}: finds nothing where nothing is`);
	await page.fill("#q", "");
	await page.selectOption("#only", { index: 1 });
	const some = await page.locator(rows).count();
	const word = await page.locator("#only option").nth(1).textContent();
	ok(some > 0 && word.endsWith(`(${some})`), `${name}: shows one state alone`, { some, word });
	ok(seen.length === 0, `${name}: searching asks for nothing and breaks nothing`, seen);
	await context.close();
}

async function expands(name) {
	const { page, seen, context } = await open(name);
	const first = page.locator("#list .host button").first();
	await first.click();
	const text = await page.locator("#list tr.open").innerText();
	ok(text.includes("Address") && text.includes("What to do") && text.includes("checks passed"),
		`${name}: opens a server`, text.slice(0, 500));
	ok(await first.getAttribute("aria-expanded") === "true", `${name}: says that it is open`);
	await page.locator("#list tr.open details", { hasText: "observation" }).last().locator("summary").click();
	ok((await page.locator("#list tr.open .obs").first().innerText()).length > 10, `${name}: shows the evidence`);
	await first.click();
	ok(await page.locator("#list tr.open").count() === 0, `${name}: closes it again`);
	await page.locator("#do details summary").first().click();
	const link = page.locator("#do .names a").first();
	const target = await link.textContent();
	await link.click();
	await page.waitForSelector("#list tr.open");
	const opened = await page.evaluate(() => document.querySelector("tr.open").previousSibling.querySelector("button").textContent);
	ok(opened === target, `${name}: a link of the to-do list opens its server`, { opened, target });
	ok(seen.length === 0, `${name}: opening asks for nothing and breaks nothing`, seen);
	await context.close();
}

async function darkens(name) {
	const { page, seen, context } = await open(name, { colorScheme: "light" });
	const ground = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
	const light = await ground();
	await page.click("#theme");
	const dark = await ground();
	await page.emulateMedia({ colorScheme: "dark" });
	ok(light !== dark && await ground() === dark, `${name}: dark by its button`, { light, dark });
	await page.click("#theme");
	ok(await ground() === light, `${name}: and light again, whatever the system says`);
	ok(seen.length === 0, `${name}: the theme asks for nothing`, seen);
	await context.close();
}

/* Runs in the page: is the last of the further actions there, where there are any? */
function onPaper() {
	const more = [...document.querySelectorAll("details.rest .acts > li")];
	return more.length === 0 ? document.querySelector("details.rest") === null :
		more[more.length - 1].getBoundingClientRect().height > 0 && more[more.length - 1].checkVisibility();
}

async function prints(name) {
	const { page, seen, context } = await open(name, { colorScheme: "dark" });
	const pdf = await page.pdf({ format: "A4", preferCSSPageSize: true, printBackground: true });
	ok(pdf.subarray(0, 5).toString() === "%PDF-" && pdf.length > 50000, `${name}: prints to PDF`, pdf.length);
	ok(seen.length === 0, `${name}: printing asks for nothing`, seen);
	await page.emulateMedia({ media: "print" });
	ok(await page.evaluate(() => getComputedStyle(document.body).backgroundColor) === "rgb(255, 255, 255)" &&
		!await page.locator("#tools").isVisible(), `${name}: paper is white and has no buttons`);
	await page.evaluate(() => dispatchEvent(new Event("beforeprint")));
	ok(await page.evaluate(onPaper), `${name}: paper has every action`);
	await context.close();
}

async function stands(name) {
	const { page, seen, context } = await open(name, { javaScriptEnabled: false });
	const wanted = JSON.parse(readFileSync(`${dir}/${name}.html`, "utf8")
		.match(/<script type="application\/json" id="numbers">(.*?)<\/script>/s)[1]).targets;
	ok(await page.locator(rows).count() === wanted, `${name}: without JavaScript every target is listed`, wanted);
	ok(await page.locator("h1").isVisible() && await page.locator(".nums").isVisible() &&
		!await page.locator("#tools").isVisible() && !await page.locator("#theme").isVisible(),
		`${name}: without JavaScript no dead button`);
	const card = page.locator("#cards .card").first();
	await card.locator("summary").first().click();
	ok((await card.innerText()).includes("What to do"), `${name}: without JavaScript a card opens`);
	ok(seen.length === 0, `${name}: without JavaScript nothing is asked for`, seen);
	await page.emulateMedia({ media: "print" });
	ok(await page.locator("details.rest > summary, details.rest .acts > li").first().isVisible() ||
		await page.locator("details.rest").count() === 0, `${name}: nor is paper without a word of the further actions`);
	await context.close();
}

async function fits(name) {
	for (const width of [375, 1440]) {
		const { page, context } = await open(name, { viewport: { width, height: 900 } });
		await page.locator("#list .host button").first().click();
		ok(await page.evaluate(() => [...document.querySelectorAll(".mx .sum")].every((td) =>
			td.getBoundingClientRect().right <= td.closest(".scroll").getBoundingClientRect().right + 1)),
		`${name}: the sums of the patch levels are in sight at ${width} px`);
		await page.evaluate(() => document.querySelectorAll("details").forEach((d) => { d.open = true; }));
		const over = await page.evaluate(() => ({
			page: document.documentElement.scrollWidth, window: document.documentElement.clientWidth,
			who: [...document.querySelectorAll("main *, header *")].filter((e) => !e.closest(".scroll, .vh, .skip") &&
				e.getBoundingClientRect().right > document.documentElement.clientWidth + 1)
				.slice(0, 5).map((e) => e.tagName + "." + e.className + " " + e.textContent.slice(0, 60)),
		}));
		ok(over.page <= over.window && over.who.length === 0, `${name}: fits ${width} pixels`, over);
		const tall = await page.evaluate(() => Math.max(...[...document.querySelectorAll(
			"#list tbody tr:not(.open)")].map((r) => r.getBoundingClientRect().height)));
		ok(tall > 20 && tall < 300, `${name}: no name takes the room of others, ${width}`, tall);
		await context.close();
	}
}

async function accessible(name) {
	for (const colorScheme of ["light", "dark"])
		for (const width of [375, 1440]) {
			const { page, context } = await open(name, { colorScheme, bypassCSP: true, viewport: { width, height: 900 } });
			await page.locator("#list .host button").first().click();
			await page.locator("#checks summary").first().click();
			await page.evaluate(axe);
			const found = await page.evaluate(() => axe.run(document, { resultTypes: ["violations"] }));
			ok(found.passes.length > 15, `${name}: axe-core looked, ${colorScheme}, ${width}`);
			ok(found.violations.length === 0, `${name}: axe-core has 0 violations, ${colorScheme}, ${width}`,
				found.violations.map((v) => [v.id, v.help, v.nodes.slice(0, 3).map((x) => x.html + " " + x.failureSummary)]));
			await context.close();
		}
}

// Nothing that a peer sent is an element, an attribute or a script.
async function harmless(name) {
	const allowed = new Set(("a b body button caption code dd details div dl dt figcaption figure h1 h2 h3 head header " +
		"html input label li line link main meta nav ol option output p rect script section select span style summary " +
		"svg table tbody td text th thead time title tr ul").split(" "));
	const { page, seen, context } = await open(name);
	const count = await page.locator("#list .host button").count();
	for (let i = 0; i < Math.min(count, 60); i++)
		await page.locator("#list .host button").nth(i).click();
	const strange = await page.evaluate((names) => {
		const out = [];
		for (const e of document.querySelectorAll("*")) {
			if (!names.includes(e.localName)) out.push("element " + e.localName);
			for (const a of e.attributes)
				if (/^on/i.test(a.name) || a.name === "style" || /^(src|srcdoc|action|formaction|xlink:href)$/i.test(a.name) ||
				    (a.name === "href" && !/^(#[a-z0-9-]+|data:,)$/.test(a.value) &&
				    !(e.closest("#checks, #frameworks") && /^https:\/\/[a-z0-9.-]+\.[a-z]+(\/|$)/.test(a.value))))
					out.push(`attribute ${a.name}=${a.value}`);
		}
		return out;
	}, [...allowed]);
	ok(strange.length === 0, `${name}: no element and no attribute of a peer`, strange);
	ok(await page.evaluate(() => document.scripts.length) === 3, `${name}: the scripts are ours`);
	const texts = await page.evaluate(() => document.body.innerText);
	ok(!/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069\u200b]/.test(texts),
		`${name}: no control or bidirectional character is shown`);
	ok(name !== "hostile" || texts.includes("<script>alert(1)</script>"), `${name}: hostile text is shown as text`);
	ok(seen.length === 0, `${name}: nothing ran, nothing was asked for`, seen);
	await context.close();
}

async function large(name) {
	const begin = Date.now();
	const { page, seen, context } = await open(name);
	await page.waitForFunction(() => document.querySelector("#count").textContent !== "");
	const loaded = Date.now() - begin;
	ok((await page.locator("#count").textContent()).startsWith("10000"), `${name}: 10000 targets`, await page.locator("#count").textContent());
	ok(loaded < 20000, `${name}: opens in time`, loaded + " ms");
	const before = Date.now();
	await page.fill("#q", "mail9876.example");
	ok(await page.locator(rows).count() === 1, `${name}: finds one of them`);
	await page.locator("#list .host button").first().click();
	ok((await page.locator("#list tr.open").innerText()).includes("mail9876.example"), `${name}: opens it, its own name in it`);
	ok(Date.now() - before < 8000, `${name}: finds and opens in time`, Date.now() - before + " ms");
	await page.fill("#q", "");
	await page.click("#further");
	ok(await page.locator(rows).count() === 400, `${name}: more rows as they are wanted`);
	ok(await page.evaluate(() => document.querySelectorAll("*").length) < 250000, `${name}: a page of bounded size`);
	ok(seen.length === 0, `${name}: nothing broke`, seen);
	await context.close();
}

for (const name of ["fleet", "hostile"])
	for (const test of [sorts, searches, expands, darkens, prints, stands, fits, accessible, harmless])
		await test(name).catch((e) => ok(false, `${name}: ${test.name}`, e.stack));
if (existsSync(`${dir}/large.html`)) await large("large").catch((e) => ok(false, "large", e.stack));
await browser.close();
console.log(`1..${n}`);
process.exit(failed ? 1 : 0);
