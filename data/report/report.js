/*
 * report.js - sorting, searching and opening in the HTML report.  The page is
 * whole without it.  Text goes in by textContent; the pieces of a card are
 * finished HTML that exvet escaped, and the page's policy runs no other script.
 */
(function () {
	"use strict";
	var STEP = 200;
	var ORDER = 0, STATE = 1, TARGET = 2, ADDRESS = 3, TAG = 4, RELEASE = 5, DAYS = 6,
		MISSING = 7, CVES = 8, KEV = 9, FLAGS = 10, FIRST = 11, PIECES = 12;
	var PERHAPS = 1, EXCHANGE = 2, ENDED = 4, KEV_PERHAPS = 8;
	var root = document.documentElement;
	var get = function (id) { return document.getElementById(id); };
	var data = JSON.parse(get("data").textContent);
	var rows = data.rows, states = data.states, pieces = data.pieces;
	var table = get("list"), body = table.tBodies[0], search = get("q"), only = get("only");
	var further = get("further"), count = get("count");
	var found = rows, shown = 0, sort = { key: -1, down: true }, texts = null;

	root.classList.add("js");

	/* ---- cells ---- */
	function cell(tr, name, text) {
		var td = document.createElement("td");
		if (name) td.className = name;
		if (text !== undefined) td.textContent = text;
		tr.appendChild(td);
		return td;
	}
	function behind(r) {
		if (!(r[FLAGS] & EXCHANGE)) return "";
		if (r[MISSING] < 0) return "?";
		if (r[MISSING] === 0) return r[FLAGS] & ENDED ? "ended" : "0";
		return r[DAYS] < 0 ? String(r[MISSING]) : r[MISSING] + ", " + r[DAYS] + " d";
	}
	function number(r, n, perhaps) {
		if (!(r[FLAGS] & EXCHANGE)) return "";
		if (n < 0) return "?";
		return n + (r[FLAGS] & perhaps ? "+" : n === 0 && r[FLAGS] & ENDED ? "?" : "");
	}
	function badge(r) {
		var span = document.createElement("span");
		span.className = "st s-" + states[r[STATE]][1];
		span.textContent = states[r[STATE]][0];
		return span;
	}
	function rowOf(r) {
		var tr = document.createElement("tr"), host, button, tag;
		tr.dataset.order = r[ORDER];
		cell(tr).appendChild(badge(r));
		host = cell(tr, "host");
		button = document.createElement("button");
		button.type = "button";
		button.textContent = r[TARGET];
		button.setAttribute("aria-expanded", "false");
		button.addEventListener("click", function () { toggle(tr, r); });
		host.appendChild(button);
		if (r[TAG]) {
			tag = document.createElement("span");
			tag.className = "tag";
			tag.textContent = r[TAG];
			host.append(" ", tag);
		}
		cell(tr, "rel", r[RELEASE]);
		cell(tr, "r", behind(r));
		cell(tr, "r", number(r, r[CVES], PERHAPS));
		cell(tr, r[KEV] > 0 ? "r hot" : "r", number(r, r[KEV], KEV_PERHAPS));
		cell(tr, "ff", r[FIRST]);
		return tr;
	}

	/* ---- what is inside ---- */
	function escaped(text) {
		var names = { "&": "&amp;", "<": "&lt;", ">": "&gt;", "\"": "&quot;", "'": "&#39;", "`": "&#96;" };
		return text.replace(/[&<>"'`]/g, function (c) { return names[c]; });
	}
	function inside(r) {
		var card = get("s" + r[ORDER]), name = escaped(r[TARGET]);
		if (card) return card.querySelector(".cb").innerHTML;
		return r[PIECES].map(function (i) {
			return pieces[i].split("\u0001").join(name);
		}).join("");
	}
	function toggle(tr, r, open) {
		var button = tr.querySelector("button"), next = tr.nextSibling, td;
		var isOpen = next && next.className === "open";
		if (isOpen && !open) {
			next.remove();
			button.setAttribute("aria-expanded", "false");
		} else if (!isOpen) {
			next = document.createElement("tr");
			next.className = "open";
			td = cell(next);
			td.colSpan = 7;
			td.innerHTML = inside(r);
			tr.after(next);
			button.setAttribute("aria-expanded", "true");
		}
	}

	/* ---- rows as they are wanted ---- */
	function more(upTo) {
		var part = document.createDocumentFragment(), end = Math.min(found.length, upTo);
		for (; shown < end; shown++) part.appendChild(rowOf(found[shown]));
		body.appendChild(part);
		further.hidden = shown >= found.length;
	}
	function draw() {
		body.textContent = "";
		shown = 0;
		more(STEP);
		count.textContent = found.length === rows.length ? rows.length + " targets" :
			found.length + " of " + rows.length + " targets";
	}

	/* ---- search and order ---- */
	function textOf(r) {
		return [r[TARGET], r[ADDRESS], r[TAG], r[RELEASE], r[FIRST], states[r[STATE]][0]]
			.join("\n").toLowerCase();
	}
	function value(r, key) {
		switch (key) {
		case 0: return r[STATE];
		case 1: return r[TARGET];
		case 2: return r[RELEASE];
		case 3: return r[FLAGS] & EXCHANGE ? (r[MISSING] < 0 ? -1 : r[MISSING] === 0 ? 0 : Math.max(r[DAYS], 1)) : -2;
		case 4: return r[FLAGS] & EXCHANGE ? r[CVES] : -2;
		case 5: return r[FLAGS] & EXCHANGE ? r[KEV] : -2;
		default: return r[FIRST];
		}
	}
	function find() {
		var words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
		texts = texts || rows.map(textOf);
		found = rows.filter(function (r, i) {
			return (only.value === "" || r[STATE] === Number(only.value)) &&
				words.every(function (w) { return texts[i].indexOf(w) >= 0; });
		});
		if (sort.key >= 0) found.sort(function (a, b) {
			var x = value(a, sort.key), y = value(b, sort.key);
			var by = typeof x === "string" ? x.localeCompare(y, "en", { numeric: true }) : x - y;
			return sort.down ? -by : by;
		});
		draw();
	}
	function heads() {
		Array.prototype.forEach.call(table.tHead.rows[0].cells, function (th, key) {
			var button = document.createElement("button");
			button.type = "button";
			button.textContent = th.textContent;
			button.addEventListener("click", function () {
				var numeric = key === 0 || key >= 3 && key <= 5;
				sort.down = sort.key === key ? !sort.down : numeric;
				sort.key = key;
				Array.prototype.forEach.call(table.tHead.rows[0].cells, function (other) {
					other.removeAttribute("aria-sort");
				});
				th.setAttribute("aria-sort", sort.down ? "descending" : "ascending");
				find();
			});
			th.textContent = "";
			th.appendChild(button);
		});
	}
	function filters() {
		var n = states.map(function () { return 0; });
		rows.forEach(function (r) { n[r[STATE]]++; });
		for (var i = states.length - 1; i >= 0; i--) if (n[i]) {
			var option = document.createElement("option");
			option.value = i;
			option.textContent = states[i][0] + " (" + n[i] + ")";
			only.appendChild(option);
		}
	}

	/* ---- links to a server open it in the table ---- */
	function visit() {
		var match = /^#s(\d+)$/.exec(location.hash), rule, order, at, tr;
		if (/^#(rule|f)-/.test(location.hash) && (rule = get(location.hash.slice(1)))) {
			rule.open = true;
			rule.scrollIntoView();
		}
		if (!match) return;
		order = Number(match[1]);
		search.value = "";
		only.value = "";
		find();
		at = found.findIndex(function (r) { return r[ORDER] === order; });
		if (at < 0) return;
		more(at + 20);
		tr = body.querySelector("tr[data-order=\"" + order + "\"]");
		toggle(tr, found[at], true);
		tr.scrollIntoView();
		tr.querySelector("button").focus({ preventScroll: true });
	}

	/* ---- light, dark and paper ---- */
	function isDark() {
		return root.dataset.theme ? root.dataset.theme === "dark" :
			matchMedia("(prefers-color-scheme: dark)").matches;
	}
	function theme() {
		var button = get("theme");
		var name = function () { button.textContent = isDark() ? "Light" : "Dark"; };
		button.addEventListener("click", function () {
			root.dataset.theme = isDark() ? "light" : "dark";
			name();
		});
		button.hidden = false;
		name();
	}
	var opened = [];
	addEventListener("beforeprint", function () {
		more(2000);
		document.querySelectorAll("details.card:not([open]), details.rest:not([open]), #checks details.rule:not([open])").forEach(function (d) {
			opened.push(d);
			d.open = true;
		});
	});
	addEventListener("afterprint", function () {
		opened.forEach(function (d) { d.open = false; });
		opened = [];
	});

	heads();
	filters();
	theme();
	get("tools").hidden = false;
	search.addEventListener("input", find);
	only.addEventListener("change", find);
	further.addEventListener("click", function () { more(shown + STEP); });
	addEventListener("hashchange", visit);
	document.addEventListener("click", function (e) {
		var a = e.target.closest && e.target.closest("a[href^=\"#\"]");
		if (a && a.getAttribute("href") === location.hash) setTimeout(visit, 0);
	});
	draw();
	visit();
})();
