// The charts of a report.
(() => {
  const { data, isNarrow, number, field, axis, zero, zeroRule, nameAxis, cloudLimit, cloud, extent } = page;
  const results = { fell: "EMI fell", rose: "EMI rose", unresolved: "not resolved", unmeasured: "no error bar" };
  const resultOrder = Object.keys(results);
  const resultColours = ["var(--fell)", "var(--rose)", "var(--open)", "var(--open)"];
  const resultFills = ["var(--fell)", "var(--rose)", "var(--card)", "var(--card)"];
  const palette = [1, 2, 3, 4, 5, 6, 7, 8].map((index) => `var(--c${index})`);
  const shapes = ["circle", "square", "triangle-up", "diamond", "cross", "triangle-down", "triangle-right", "triangle-left"];
  const unit = data.units;

  const points = data.scenarios.filter((point) => point.emid !== undefined).map((point) => ({
    ...point,
    said: results[point.result] ?? "",
    interval: point.low === undefined ? "none" : `${number(point.low)} to ${number(point.high)}`,
  }));

  const stroke = { field: "result", type: "nominal", legend: null, scale: { domain: resultOrder, range: resultColours } };
  const fill = { field: "result", type: "nominal", legend: null, scale: { domain: resultOrder, range: resultFills } };
  const gapTooltip = [
    { field: "name", title: "scenario" }, { field: "kind", title: "kind" }, { field: "said", title: "result" },
    field("emid", { title: `EMID (${unit})`, format: ".3f" }), { field: "interval", title: `${data.confidence} interval` },
  ];
  const gapTitle = `EMID (${unit}), lost → right`;

  function gapBars() {
    let shown = points;
    if (points.length > 80) shown = [...points.slice(0, 40), ...points.slice(-15)];
    const y = {
      field: "name", type: "nominal", sort: null,
      axis: nameAxis(shown.map((point) => point.name), { grid: true, gridDash: [1, 3] }),
    };
    const isOpen = "datum.result === 'unresolved'";
    const x = { axis: axis({ orient: "top" }) };
    return {
      data: { values: shown }, height: 16 * shown.length,
      encoding: { y },
      layer: [
        { ...zeroRule, data: { values: [{}] }, encoding: { x: zero, y: { value: 0 }, y2: { value: "height" } } },
        {
          mark: { type: "rule", strokeWidth: 2.5, strokeCap: "round", aria: false },
          encoding: {
            x: field("low", { title: gapTitle, ...x }), x2: { field: "high" }, color: stroke,
            opacity: { condition: { test: isOpen, value: 0.55 }, value: 1 },
          },
        },
        {
          mark: { type: "point", size: 62, strokeWidth: 2, opacity: 1 },
          encoding: { x: field("emid", x), stroke, fill, tooltip: gapTooltip },
        },
      ],
    };
  }

  function distribution() {
    return {
      data: { values: points }, height: 240,
      mark: { type: "bar", binSpacing: 1, tooltip: true },
      encoding: {
        x: field("emid", { bin: { maxbins: 60 }, title: gapTitle }), y: { aggregate: "count", type: "quantitative", title: "scenarios" },
        color: { ...stroke, scale: { domain: resultOrder, range: ["var(--fell)", "var(--rose)", "var(--line)", "var(--line)"] } },
        order: { field: "result" },
      },
    };
  }

  // Colours and shapes of kinds; beyond eight, the rarer ones share the last.
  const kindCounts = new Map();
  for (const point of points) if (point.kind !== undefined) kindCounts.set(point.kind, (kindCounts.get(point.kind) ?? 0) + 1);
  const byCount = [...kindCounts.keys()].sort((a, b) => kindCounts.get(b) - kindCounts.get(a) || (a < b ? -1 : 1));
  const common = byCount.slice(0, kindCounts.size > 8 ? 7 : 8).sort();
  const kindDomain = kindCounts.size > 8 ? [...common, "other kinds"] : common;
  function withGroup(list) {
    const group = (kind) => (kind === undefined ? "" : common.includes(kind) ? kind : "other kinds");
    return list.map((point) => ({ ...point, group: group(point.kind) }));
  }
  function kindEncoding() {
    if (kindDomain.length === 0) return { color: { value: "var(--c1)" } };
    const legend = {
      title: null, orient: "top", direction: "horizontal", columns: isNarrow() ? 2 : 0, labelLimit: isNarrow() ? 110 : 200, symbolOpacity: 1,
    };
    return {
      color: { field: "group", type: "nominal", scale: { domain: kindDomain, range: palette.slice(0, kindDomain.length) }, legend },
      shape: { field: "group", type: "nominal", scale: { domain: kindDomain, range: shapes.slice(0, kindDomain.length) }, legend },
    };
  }
  function boundScatter() {
    const values = withGroup(points.filter((point) => point.bound !== undefined));
    const [low, high] = extent(values.map((point) => point.bound));
    const ends = [Math.min(0, low), high + 0.08 * (high - Math.min(0, low))];
    const x = field("bound", { title: `bound, ${data.form} (${unit})`, axis: axis(), scale: { domain: ends, nice: false } });
    const y = field("emid", { title: `EMID (${unit})`, scale: { zero: false, nice: true } });
    const diagonal = {
      data: { values: ends.map((end) => ({ bound: end, emid: end })) },
      mark: { type: "line", color: "var(--ink)", strokeDash: [5, 4], strokeWidth: 1.5, aria: false }, encoding: { x, y },
    };
    const middle = ends[0] + 0.55 * (ends[1] - ends[0]);
    const note = {
      data: { values: [{ bound: middle, emid: middle }] },
      mark: { type: "text", text: "EMID = bound", align: "right", dx: -10, dy: -6, fontSize: 12, fontStyle: "italic", color: "var(--soft)" },
      encoding: { x, y },
    };
    const level = { data: { values: [{ emid: 0 }] }, mark: { type: "rule", color: "var(--soft)", aria: false }, encoding: { y } };
    if (values.length > cloudLimit) return { height: 420, layer: [level, cloud(x, y, values), diagonal, note] };
    const isOpen = (point) => point.result === "unresolved" || point.result === "unmeasured";
    const encoding = { x, y, ...kindEncoding(), tooltip: [...gapTooltip, field("bound", { title: "bound", format: ".3f" })] };
    return {
      height: 420,
      layer: [
        level, diagonal, note,
        {
          data: { values }, mark: { type: "rule", opacity: 0.35, aria: false },
          encoding: { x, y: field("low"), y2: { field: "high" }, ...colourOnly() },
        },
        // What is not resolved is hollow, here as everywhere.
        {
          data: { values: values.filter(isOpen) },
          mark: { type: "point", fill: "var(--card)", size: 70, strokeWidth: 2, opacity: 1 }, encoding,
        },
        { data: { values: values.filter((point) => !isOpen(point)) }, mark: { type: "point", filled: true, size: 85, opacity: 1 }, encoding },
        // A bound that EMID exceeds is marked wherever it shows.
        {
          data: { values: values.filter((point) => point.isBroken) }, encoding: { x, y },
          mark: { type: "point", shape: "circle", filled: false, size: 260, strokeWidth: 2, color: "var(--bad)", opacity: 1, aria: false },
        },
      ],
    };
  }
  function colourOnly() {
    const { color } = kindEncoding();
    return { color };
  }
  function scoreScatter() {
    const scored = (point) => point.score !== undefined && point.emi !== undefined;
    const values = withGroup(data.scenarios.filter(scored)).map((point) => ({ ...point, said: results[point.result] ?? "" }));
    const own = scored(data.id) ? [data.id] : [];
    const x = field("score", { title: "score", axis: axis(), scale: { zero: false, nice: false, padding: 14 } });
    const y = field("emi", { title: `EMI (${unit})`, scale: { zero: false, nice: true } });
    const tooltip = [
      { field: "name", title: "set" }, { field: "kind", title: "kind" }, field("score", { title: "score", format: ".3f" }),
      field("emi", { title: `EMI (${unit})`, format: ".3f" }),
    ];
    const ownLayers = own.length === 0 ? [] : [
      {
        data: { values: own }, encoding: { x, y, tooltip },
        mark: { type: "point", shape: "diamond", filled: true, size: 190, color: "var(--ink)", opacity: 1 },
      },
      {
        data: { values: own }, encoding: { x, y },
        mark: { type: "text", text: "ID set", align: "right", dy: 22, dx: 8, fontWeight: 600, color: "var(--ink)" },
      },
    ];
    if (values.length > cloudLimit) return { height: 380, layer: [cloud(x, y, values), ...ownLayers] };
    return {
      height: 380,
      layer: [
        {
          data: { values }, mark: { type: "rule", opacity: 0.3, aria: false },
          encoding: { x, y: field("emiLow"), y2: { field: "emiHigh" }, ...colourOnly() },
        },
        { data: { values }, mark: { type: "point", filled: true, size: 70, opacity: 1 }, encoding: { x, y, ...kindEncoding(), tooltip } },
        ...ownLayers,
      ],
    };
  }

  const largestGap = Math.max(1e-9, extent(points.map((point) => Math.abs(point.emid)))[1]);
  function grid(index) {
    const { rows, columns, cells } = data.grids[index];
    const values = cells.map((cell) => {
      const point = cell.index === undefined ? undefined : data.scenarios[cell.index];
      const isOpen = point?.result === "unresolved" || point?.result === "unmeasured";
      const text = point === undefined ? "ID" : point.emid === undefined ? "failed" : number(point.emid, isNarrow() ? 1 : 2);
      return {
        row: cell.row, column: cell.column, name: point?.name ?? data.id.name, said: results[point?.result] ?? "",
        sign: point?.emid > 0 ? "fell" : "rose", emid: point?.emid, isOpen,
        // One scale for all grids; what is not resolved stays pale however large it is.
        depth: (isOpen ? 0.3 : 1) * Math.min(1, Math.abs(point?.emid ?? 0) / largestGap),
        text: isOpen ? `(${text})` : text,
        interval: point?.low === undefined ? "none" : `${number(point.low)} to ${number(point.high)}`,
      };
    });
    const labelAngle = isNarrow() ? -90 : columns.length > 8 ? -35 : 0;
    return {
      data: { values }, height: 36 * rows.length,
      encoding: {
        x: {
          field: "column", type: "nominal", sort: null, scale: { domain: columns, paddingInner: 0.04 },
          axis: { title: null, orient: "top", labelAngle, labelLimit: 150, domain: false, ticks: false },
        },
        y: {
          field: "row", type: "nominal", sort: null, scale: { domain: rows, paddingInner: 0.06 },
          axis: nameAxis(rows, { domain: false, ticks: false }),
        },
      },
      layer: [
        ...[false, true].map((isOpen) => ({
          data: { values: values.filter((value) => value.isOpen === isOpen) },
          mark: { type: "rect", cornerRadius: 3, stroke: isOpen ? "var(--open)" : "var(--line)", strokeDash: isOpen ? [2, 3] : [] },
          encoding: {
            color: { field: "sign", type: "nominal", legend: null, scale: { domain: ["fell", "rose"], range: ["var(--fell)", "var(--rose)"] } },
            fillOpacity: { field: "depth", type: "quantitative", legend: null, scale: { domain: [0, 1], range: [0, 0.58] } },
            tooltip: gapTooltip.filter((entry) => entry.field !== "kind"),
          },
        })),
        {
          mark: { type: "text", fontSize: isNarrow() ? 10 : 12.5 },
          encoding: {
            text: { field: "text" }, color: { condition: { test: "datum.isOpen", value: "var(--soft)" }, value: "var(--ink)" },
            tooltip: gapTooltip.filter((entry) => entry.field !== "kind"),
          },
        },
      ],
    };
  }

  // Terms that are 0 everywhere say nothing.
  const places = new Map(data.stack.filter((part) => part.value !== 0).map((part) => [part.term, part.order]));
  const terms = [...places.keys()].sort((a, b) => places.get(a) - places.get(b));
  const termColours = terms.map((_, index) => palette[index % palette.length]);
  function stack() {
    const bar = { field: "label", title: data.isStackByKind ? "kind" : "scenario" };
    const seen = new Set();
    const gaps = data.stack.filter((part) => part.emid !== undefined && !seen.has(part.label) && seen.add(part.label));
    const y = { field: "label", type: "nominal", sort: null, axis: nameAxis(data.stack.map((part) => part.label)) };
    return {
      height: 18 * new Set(data.stack.map((part) => part.label)).size, data: { values: data.stack },
      encoding: { y },
      layer: [
        {
          mark: { type: "bar", height: { band: 0.72 } },
          encoding: {
            x: field("value", { aggregate: "sum", stack: "zero", title: `${data.form} bound by term (${unit})`, axis: axis({ orient: "top" }) }),
            color: { field: "term", type: "nominal", sort: null, scale: { domain: terms, range: termColours }, legend: null },
            order: field("order"),
            tooltip: [bar, { field: "term", title: "term" }, field("value", { aggregate: "sum", title: unit, format: ".3f" })],
          },
        },
        {
          data: { values: gaps }, mark: { type: "tick", color: "var(--ink)", thickness: 2.5, height: { band: 0.95 } },
          encoding: { x: field("emid"), tooltip: [bar, field("emid", { title: `EMID (${unit})`, format: ".3f" })] },
        },
      ],
    };
  }
  function termLegend(figure) {
    const list = document.createElement("ul");
    list.className = "legend";
    for (const [index, term] of terms.entries()) {
      const swatch = document.createElement("span");
      swatch.className = "swatch";
      swatch.style.background = termColours[index];
      const item = document.createElement("li");
      item.append(swatch, term);
      list.append(item);
    }
    figure.querySelector("figcaption").append(list);
  }

  function spec(name) {
    switch (name) {
      case "gap": return gapBars();
      case "distribution": return distribution();
      case "bound": return boundScatter();
      case "score": return scoreScatter();
      case "stack": return stack();
      default: return grid(Number(name.slice("grid-".length)));
    }
  }
  const stackFigure = document.getElementById("chart-stack");
  if (stackFigure) termLegend(stackFigure);
  page.show(spec);
})();
