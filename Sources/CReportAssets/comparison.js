// The charts of a comparison.
(() => {
  const { data, isNarrow, number, field, axis, zero, zeroRule, nameAxis, cloudLimit, cloud, extent } = page;
  const leads = { a: "A ahead", b: "B ahead", unresolved: "not resolved", unmeasured: "no error bar" };
  const leadOrder = Object.keys(leads);
  const unit = data.units;
  const interval = (low, high) => (low === undefined ? "none" : `${number(low)} to ${number(high)}`);
  const points = data.scenarios.map((point) => ({
    ...point,
    said: leads[point.lead],
    interval: interval(point.low, point.high), aInterval: interval(point.aLow, point.aHigh), bInterval: interval(point.bLow, point.bHigh),
  }));
  const isOpen = (point) => point.lead === "unresolved" || point.lead === "unmeasured";

  const tooltip = [
    { field: "name", title: "scenario" }, { field: "kind", title: "kind" }, { field: "said", title: "result" },
    field("a", { title: `EMID A (${unit})`, format: ".3f" }), { field: "aInterval", title: `${data.confidence} interval, A` },
    field("b", { title: `EMID B (${unit})`, format: ".3f" }), { field: "bInterval", title: `${data.confidence} interval, B` },
    field("difference", { title: `B less A (${unit})`, format: ".3f" }), { field: "interval", title: `${data.confidence} interval` },
  ];

  // Bands behind every second scenario: lines between them would be taken for intervals.
  function bands(names) {
    return {
      data: { values: names.filter((_, index) => index % 2 === 1).map((name) => ({ name })) },
      mark: { type: "rect", color: "var(--line)", opacity: 0.45, height: { band: 1.35 }, aria: false },
      encoding: { y: { field: "name", type: "nominal", sort: null, scale: { domain: names } }, x: { value: 0 }, x2: { value: "width" } },
    };
  }

  // Both sides of a scenario, one above the other.
  const sides = ["A", "B"];
  const sideColour = { field: "side", type: "nominal", legend: null, scale: { domain: sides, range: ["var(--c1)", "var(--c5)"] } };
  const sideShape = { field: "side", type: "nominal", legend: null, scale: { domain: sides, range: ["circle", "diamond"] } };
  function pairs() {
    const shown = points.length > 80 ? [...points.slice(0, 30), ...points.slice(-30)] : points;
    const names = shown.map((point) => point.name);
    const values = shown.flatMap((point) => [
      { ...point, side: "A", emid: point.a, from: point.aLow, to: point.aHigh },
      { ...point, side: "B", emid: point.b, from: point.bLow, to: point.bHigh },
    ]);
    const place = {
      y: {
        field: "name", type: "nominal", sort: null, scale: { domain: names, paddingInner: 0.35 },
        axis: nameAxis(names, { ticks: false }),
      },
      yOffset: { field: "side", type: "nominal", scale: { domain: sides } },
    };
    const x = { title: `EMID (${unit}), lost → right`, axis: axis({ orient: "top" }) };
    const mark = { type: "point", strokeWidth: 2, opacity: 1 };
    const encoding = { ...place, x: field("emid", x), color: sideColour, shape: sideShape, tooltip };
    return {
      data: { values }, height: 26 * shown.length,
      layer: [
        bands(names),
        { ...zeroRule, data: { values: [{}] }, encoding: { x: zero, y: { value: 0 }, y2: { value: "height" } } },
        {
          mark: { type: "rule", strokeWidth: 2, strokeCap: "round", opacity: 0.6, aria: false },
          encoding: { ...place, x: field("from", x), x2: { field: "to" }, color: sideColour },
        },
        { data: { values: values.filter(isOpen) }, mark: { ...mark, fill: "var(--card)", size: 48 }, encoding },
        { data: { values: values.filter((point) => !isOpen(point)) }, mark: { ...mark, filled: true, size: 62 }, encoding },
      ],
    };
  }

  const leadColours = ["var(--c1)", "var(--c5)", "var(--open)", "var(--open)"];
  const leadColour = { field: "lead", type: "nominal", legend: null, scale: { domain: leadOrder, range: leadColours } };
  const leadShape = {
    field: "lead", type: "nominal", legend: null, scale: { domain: leadOrder, range: ["circle", "diamond", "circle", "circle"] },
  };
  function differences() {
    return {
      data: { values: points }, height: 240,
      mark: { type: "bar", binSpacing: 1, tooltip: true },
      encoding: {
        x: field("difference", { bin: { maxbins: 60 }, title: `EMID of B less A (${unit})` }),
        y: { aggregate: "count", type: "quantitative", title: "scenarios" },
        color: { ...leadColour, scale: { domain: leadOrder, range: ["var(--c1)", "var(--c5)", "var(--line)", "var(--line)"] } },
        order: { field: "lead" },
      },
    };
  }

  function scatter() {
    const [low, high] = extent(points.flatMap((point) => [point.a, point.b]));
    const margin = 0.06 * (high - low || 1);
    const ends = [low - margin, high + margin];
    const scale = { domain: ends, nice: false };
    const x = field("a", { title: `EMID A (${unit})`, axis: axis(), scale });
    const y = field("b", { title: `EMID B (${unit})`, axis: axis(), scale });
    const diagonal = {
      data: { values: ends.map((end) => ({ a: end, b: end })) },
      mark: { type: "line", color: "var(--ink)", strokeDash: [5, 4], strokeWidth: 1.5, aria: false }, encoding: { x, y },
    };
    const corner = (text, a, b, align, baseline) => ({
      data: { values: [{ a, b }] }, encoding: { x, y },
      mark: { type: "text", text, align, baseline, dx: align === "left" ? 8 : -8, fontSize: 12, fontStyle: "italic", color: "var(--soft)" },
    });
    const corners = [
      corner("A lost less", ends[0], ends[1], "left", "top"), corner("B lost less", ends[1], ends[0], "right", "bottom"),
    ];
    if (points.length > cloudLimit) return { height: 460, layer: [cloud(x, y, points), diagonal, ...corners] };
    const encoding = { x, y, color: leadColour, shape: leadShape, tooltip };
    const reach = { type: "rule", opacity: 0.25, clip: true, aria: false };
    return {
      height: isNarrow() ? 340 : 460,
      layer: [
        diagonal, ...corners,
        { data: { values: points }, mark: reach, encoding: { x: { ...x, field: "aLow" }, x2: { field: "aHigh" }, y, color: leadColour } },
        { data: { values: points }, mark: reach, encoding: { x, y: { ...y, field: "bLow" }, y2: { field: "bHigh" }, color: leadColour } },
        { data: { values: points.filter(isOpen) }, mark: { type: "point", fill: "var(--card)", size: 60, strokeWidth: 2, opacity: 1 }, encoding },
        { data: { values: points.filter((point) => !isOpen(point)) }, mark: { type: "point", filled: true, size: 80, opacity: 1 }, encoding },
      ],
    };
  }

  // Any number of models, one colour and shape each.
  function models() {
    const scenarios = [...new Set(data.points.map((point) => point.name))];
    const names = data.models;
    const colours = ["var(--c1)", "var(--c5)", "var(--c2)", "var(--c3)", "var(--c4)", "var(--open)"];
    const shapes = ["circle", "diamond", "square", "triangle-up", "cross", "triangle-down"];
    const colour = {
      field: "model", type: "nominal", scale: { domain: names, range: names.map((_, index) => colours[index % colours.length]) },
      legend: { title: null, orient: "top", columns: isNarrow() ? 1 : 4, labelLimit: 300 },
    };
    const shape = { field: "model", type: "nominal", scale: { domain: names, range: names.map((_, index) => shapes[index % shapes.length]) }, legend: null };
    const place = {
      y: {
        field: "name", type: "nominal", sort: null, scale: { domain: scenarios, paddingInner: 0.3 },
        axis: nameAxis(scenarios, { ticks: false }),
      },
      yOffset: { field: "model", type: "nominal", scale: { domain: names } },
    };
    const values = data.points.map((point) => ({ ...point, interval: interval(point.low, point.high) }));
    const tip = [
      { field: "name", title: "scenario" }, { field: "kind", title: "kind" }, { field: "model", title: "model" },
      field("emid", { title: `EMID (${unit})`, format: ".3f" }), { field: "interval", title: `${data.confidence} interval` },
    ];
    const x = { title: `EMID (${unit}), lost → right`, axis: axis({ orient: "top" }) };
    return {
      data: { values }, height: Math.max(16, 9 * names.length) * scenarios.length,
      layer: [
        bands(scenarios),
        { ...zeroRule, data: { values: [{}] }, encoding: { x: zero, y: { value: 0 }, y2: { value: "height" } } },
        {
          mark: { type: "rule", strokeWidth: 2, strokeCap: "round", opacity: 0.5, aria: false },
          encoding: { ...place, x: field("low", x), x2: { field: "high" }, color: colour },
        },
        { mark: { type: "point", filled: true, size: 55, opacity: 1 }, encoding: { ...place, x: field("emid", x), color: colour, shape, tooltip: tip } },
      ],
    };
  }

  page.show((name) => (name === "models" ? models() : name === "pair" ? pairs() : name === "differences" ? differences() : scatter()));
})();
