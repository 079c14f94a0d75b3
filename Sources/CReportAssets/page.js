// What every page has in common: its data and theme, the drawing of charts, tables that can be sorted, filtered and paged. Colours are
// variables of the style sheet, so that charts follow the theme and print without being drawn again. Whatever comes from a report is
// data: text for the page goes through textContent, and Vega's expressions are fixed here, none is built from names.
"use strict";
const page = (() => {
  const data = JSON.parse(document.getElementById("data").textContent, (key, value) =>
    // Vega groups by objects that have a prototype: a scenario called "constructor" would be taken for its own.
    typeof value === "string" && value in Object.prototype ? `\u200B${value}` : value);
  const root = document.documentElement;

  // ---- Theme

  const themeButton = document.getElementById("theme");
  const prefersDark = matchMedia("(prefers-color-scheme: dark)");
  let isDark = prefersDark.matches;
  function showTheme(chosen) {
    if (chosen) root.style.colorScheme = isDark ? "dark" : "light";
    themeButton.textContent = isDark ? "Light" : "Dark";
    themeButton.setAttribute("aria-label", isDark ? "Show in light colours" : "Show in dark colours");
  }
  themeButton.hidden = false;
  themeButton.addEventListener("click", () => { isDark = !isDark; showTheme(true); });
  prefersDark.addEventListener("change", (event) => { isDark = event.matches; showTheme(true); });
  showTheme(false);

  // ---- Parts of charts

  const isNarrow = () => root.clientWidth < 640;

  function number(value, places = 3) {
    if (value === undefined) return "–";
    const text = value.toFixed(places);
    return Number(text) === 0 ? text.replace("-", "") : text.replace("-", "−");
  }

  const field = (name, more = {}) => ({ field: name, type: "quantitative", ...more });
  const axis = (more = {}) => ({ tickCount: isNarrow() ? 4 : 10, ...more });
  const zero = { datum: 0, type: "quantitative" };
  const zeroRule = { mark: { type: "rule", color: "var(--soft)", strokeWidth: 1, aria: false } };

  function labelLimit() { return isNarrow() ? 120 : 240; }

  // An axis of names. Long ones lose their middle, and as much less of their ends as it takes to keep them apart: names of conditions start
  // alike. The expression holds numbers only, no name.
  function nameAxis(names, more = {}) {
    const characters = new Set(names);
    const longest = Math.max(0, ...[...characters].map((name) => name.length));
    const own = isNarrow() ? 18 : 40;
    for (let limit = own; limit < Math.min(longest, 2 * own); limit += 2) {
      for (const tail of [0.5, 0.65, 0.35, 0.8].map((share) => Math.round(share * (limit - 1)))) {
        const head = limit - 1 - tail;
        const short = (name) => (name.length > limit ? `${name.slice(0, head)}…${name.slice(-tail)}` : name);
        if (new Set([...characters].map(short)).size < characters.size) continue;
        const labelExpr = `length(datum.label) > ${limit} ? slice(datum.label, 0, ${head}) + '…' + slice(datum.label, -${tail}) : datum.label`;
        return { title: null, labelLimit: 0, labelOverlap: false, labelExpr, ...more };
      }
    }
    return { title: null, labelLimit: longest <= own ? 0 : 2 * labelLimit(), labelOverlap: false, ...more };
  }

  const cloudLimit = 1500;
  function cloud(x, y, values) {
    // Thousands of points hide each other: cells say how many there are.
    return {
      mark: { type: "rect", color: "var(--c1)" },
      data: { values },
      transform: [
        { bin: { maxbins: 50 }, field: x.field, as: ["x0", "x1"] }, { bin: { maxbins: 40 }, field: y.field, as: ["y0", "y1"] },
        { aggregate: [{ op: "count", as: "count" }], groupby: ["x0", "x1", "y0", "y1"] },
      ],
      encoding: {
        x: { ...x, field: "x0" }, x2: { field: "x1" }, y: { ...y, field: "y0" }, y2: { field: "y1" },
        opacity: field("count", {
          scale: { type: "sqrt", range: [0.15, 1] },
          legend: { title: "scenarios", orient: "top", symbolFillColor: "var(--c1)", symbolStrokeWidth: 0 },
        }),
        tooltip: [field("x0", { title: x.title }), field("y0", { title: y.title }), field("count", { title: "scenarios" })],
      },
    };
  }

  function extent(values) {
    let low = Infinity, high = -Infinity;
    for (const value of values) { if (value < low) low = value; if (value > high) high = value; }
    return [low, high];
  }

  // ---- Drawing

  const config = {
    background: "transparent", font: "system-ui, DejaVu Sans, sans-serif",
    axis: {
      labelColor: "var(--soft)", titleColor: "var(--soft)", domainColor: "var(--soft)", tickColor: "var(--soft)",
      gridColor: "var(--line)", labelFontSize: 12, titleFontSize: 12, titleFontWeight: 500,
    },
    legend: { labelColor: "var(--ink)", titleColor: "var(--soft)", labelFontSize: 12 },
    view: { stroke: null },
  };
  const views = new Map();
  // A layer without points has no extent, which Vega warns of.
  function withPoints(chart) {
    if (chart.layer === undefined) return chart;
    return { ...chart, layer: chart.layer.filter((layer) => layer.data?.values?.length !== 0) };
  }
  async function draw(plot, spec) {
    const shown = plot.firstElementChild;
    const place = document.createElement("div");
    try {
      plot.append(place);
      const view = await vegaEmbed(place, {
        $schema: "https://vega.github.io/schema/vega-lite/v6.json", width: "container",
        description: plot.dataset.description, config, ...withPoints(spec(plot.dataset.chart)),
        // The interpreter of expressions: the page's policy allows no code that is made from text.
      }, { renderer: "svg", actions: false, ast: true, mode: "vega-lite" });
      shown.remove();
      views.get(plot)?.finalize();
      views.set(plot, view);
    } catch (error) {
      place.remove();
      shown.textContent = "This chart could not be drawn. The tables have its numbers.";
      console.error(error);
    }
  }
  let drawnNarrow = isNarrow();
  async function drawAll(spec) {
    drawnNarrow = isNarrow();
    delete root.dataset.charts;
    for (const plot of document.querySelectorAll(".plot")) await draw(plot, spec);
    root.dataset.charts = "drawn";
  }

  // ---- Tables

  function sortKey(text) {
    // A number, an interval (by its lower end), or a share (by its per cent).
    const match = /^\[?(−?[0-9][0-9.]*(?:e[+-][0-9]+)?)/.exec(text) ?? / ([0-9]+) %$/.exec(text);
    return match ? Number(match[1].replace("−", "-")) : null;
  }
  function make(tag, properties = {}, ...children) {
    const element = Object.assign(document.createElement(tag), properties);
    element.append(...children);
    return element;
  }

  function enhance(table) {
    const body = table.tBodies[0];
    const headers = [...table.tHead.rows[0].cells];
    const rows = [...body.rows].map((element, index) => {
      const texts = [...element.cells].map((cell) => cell.textContent.trim());
      return { element, index, texts, search: texts.join("\n").toLowerCase() };
    });
    const state = { sort: -1, isDescending: false, page: 0, size: 25, words: "", chosen: new Map() };
    const status = make("p", { className: "count" });
    status.setAttribute("role", "status");
    const back = make("button", { type: "button", textContent: "← Previous" });
    const forth = make("button", { type: "button", textContent: "Next →" });
    const pager = make("div", { className: "pager" }, back, forth, status);

    function found() {
      const kept = rows.filter((row) => row.search.includes(state.words)
        && [...state.chosen].every(([column, value]) => value === "" || row.texts[column] === value));
      if (state.sort < 0) return kept;
      const column = state.sort, sign = state.isDescending ? -1 : 1;
      return kept.map((row) => ({ row, text: row.texts[column], key: sortKey(row.texts[column]) })).sort((a, b) => {
        // What has no value stays last in either direction.
        const missing = (a.text === "–") - (b.text === "–");
        if (missing !== 0) return missing;
        const order = a.key !== null && b.key !== null && column > 0 ? a.key - b.key : a.text.localeCompare(b.text, undefined, { numeric: true });
        return sign * order || a.row.index - b.row.index;
      }).map((entry) => entry.row);
    }
    function show(all = false) {
      const list = found();
      const pageCount = all ? 1 : Math.max(1, Math.ceil(list.length / state.size));
      state.page = Math.min(state.page, pageCount - 1);
      const first = all ? 0 : state.page * state.size;
      const page = all ? list : list.slice(first, first + state.size);
      body.replaceChildren(...page.map((row) => row.element));
      status.textContent = list.length === 0 ? "Nothing matches." : `${first + 1}–${first + page.length} of ${list.length}`
        + (list.length < rows.length ? ` (${rows.length} in all)` : "");
      back.disabled = state.page === 0;
      forth.disabled = state.page >= pageCount - 1;
      for (const [index, header] of headers.entries()) {
        header.setAttribute("aria-sort", index !== state.sort ? "none" : state.isDescending ? "descending" : "ascending");
      }
    }

    for (const [index, header] of headers.entries()) {
      const button = make("button", { type: "button", textContent: header.textContent.trim() });
      button.addEventListener("click", () => {
        const isNumber = header.className !== "t";
        state.isDescending = state.sort === index ? !state.isDescending : isNumber;
        state.sort = index;
        state.page = 0;
        show();
      });
      header.replaceChildren(button);
    }
    const option = (value, textContent = value, selected = false) => make("option", { value, textContent, selected });
    const controls = make("div", { className: "controls" });
    const search = make("input", { type: "search", placeholder: "part of a name …" });
    search.addEventListener("input", () => { state.words = search.value.trim().toLowerCase(); state.page = 0; show(); });
    controls.append(make("label", {}, "Search", search));
    for (const column of table.dataset.filters.split(" ").filter(Boolean).map(Number)) {
      const values = [...new Set(rows.map((row) => row.texts[column]))].sort();
      const select = make("select", {}, option("", "all"), ...values.slice(0, 200).map((value) => option(value)));
      select.addEventListener("change", () => { state.chosen.set(column, select.value); state.page = 0; show(); });
      controls.append(make("label", {}, headers[column].textContent, select));
    }
    const sizes = make("select", {}, ...["25", "50", "200", "1000"].map((size) => option(size, size, size === String(state.size))));
    sizes.addEventListener("change", () => { state.size = Number(sizes.value); state.page = 0; show(); });
    controls.append(make("label", {}, "Rows a page", sizes));
    back.addEventListener("click", () => { state.page -= 1; show(); });
    forth.addEventListener("click", () => { state.page += 1; show(); });
    // A few rows need no search.
    if (rows.length > 10) {
      table.parentElement.before(controls);
      table.parentElement.after(pager);
    }
    // Paper has no pages to turn, within reason.
    addEventListener("beforeprint", () => show(rows.length <= 1000));
    addEventListener("afterprint", () => show());
    show();
    table.classList.add("paged");
  }

  // Says above a table that it goes on to the right, as long as it does.
  function markScroll(scroll) {
    const hint = make("p", { className: "hint", textContent: "more columns →", hidden: true });
    hint.setAttribute("aria-hidden", "true");
    scroll.before(hint);
    const update = () => { hint.hidden = scroll.scrollWidth - scroll.clientWidth - scroll.scrollLeft < 4; };
    scroll.addEventListener("scroll", update, { passive: true });
    new ResizeObserver(update).observe(scroll);
    new ResizeObserver(update).observe(scroll.firstElementChild);
  }

  // Draws every chart as `spec` says, which makes a chart of Vega-Lite from its name, and sets up the tables.
  function show(spec) {
    drawAll(spec);
    addEventListener("resize", () => { if (isNarrow() !== drawnNarrow) drawAll(spec); });
    for (const table of document.querySelectorAll("table.data")) enhance(table);
    // After the controls, which stand above the hint.
    for (const scroll of document.querySelectorAll(".scroll")) markScroll(scroll);
    addEventListener("beforeprint", () => { for (const part of document.querySelectorAll("details")) part.open = true; });
  }
  return { data, isNarrow, number, field, axis, zero, zeroRule, labelLimit, nameAxis, cloudLimit, cloud, extent, show };
})();
