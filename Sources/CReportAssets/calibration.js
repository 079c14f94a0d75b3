// The charts of a calibration report: small multiples, one for each set.
(() => {
  const { data, isNarrow, field, axis } = page;
  const sets = data.sets;
  const size = () => (isNarrow() ? 220 : 250);
  const columns = () => (isNarrow() ? 1 : Math.max(1, Math.min(3, sets.length)));
  const unit = { domain: [0, 1] };
  const ticks = axis({ tickCount: 5, format: ".1f" });
  // A name is a mark at a fixed height above its frame: Vega sets a title above all labels and points, which reach differently far.
  const title = (name) => ({
    data: { values: [{}] },
    mark: {
      type: "text", fontSize: 13, fontWeight: 600, color: "var(--ink)", limit: size() + 40, baseline: "bottom", aria: false, tooltip: name,
    },
    encoding: { x: { value: size() / 2 }, y: { value: -28 }, text: { value: name } },
  });
  const diagonal = {
    data: { values: [{ confidence: 0, accuracy: 0 }, { confidence: 1, accuracy: 1 }] },
    mark: { type: "line", color: "var(--soft)", strokeDash: [4, 3], strokeWidth: 1, aria: false },
    encoding: { x: field("confidence", { scale: unit }), y: field("accuracy", { scale: unit }) },
  };
  const binTooltip = [
    field("n", { title: "rows" }), field("confidence", { title: "mean confidence", format: ".3f" }),
    field("accuracy", { title: "accuracy", format: ".3f" }), field("low", { title: `${data.confidence} interval, from`, format: ".3f" }),
    field("high", { title: "to", format: ".3f" }), field("bandLow", { title: "calibrated, from", format: ".3f" }),
    field("bandHigh", { title: "to", format: ".3f" }),
  ];
  // Frames are set in rows and columns by their own edges, whatever labels stick out of them; the spacing has room for the labels.
  const multiples = (charts) => ({ width: undefined, columns: columns(), bounds: "flush", spacing: { row: 92, column: 64 }, concat: charts });

  function reliability() {
    const x = { title: "confidence", axis: ticks, scale: unit }, y = { title: "accuracy", axis: ticks, scale: unit };
    return multiples(sets.map((set) => ({
      width: size(), height: size(), data: { values: set.bins },
      layer: [
        title(set.name),
        {
          mark: { type: "area", color: "var(--line)", opacity: 0.7, interpolate: "linear", aria: false },
          encoding: { x: field("confidence", x), y: field("bandLow", y), y2: { field: "bandHigh" } },
        },
        diagonal,
        {
          mark: { type: "rule", color: "var(--c1)", strokeWidth: 2, opacity: 0.7, aria: false },
          encoding: { x: field("confidence", x), y: field("low", y), y2: { field: "high" } },
        },
        {
          mark: { type: "point", filled: true, color: "var(--c1)", opacity: 1 },
          encoding: {
            x: field("confidence", x), y: field("accuracy", y), tooltip: binTooltip,
            size: field("n", { scale: { range: [30, 260] }, legend: null }),
          },
        },
        {
          mark: { type: "text", fontSize: 10, dy: -12, color: "var(--soft)", aria: false },
          encoding: { x: field("confidence", x), y: field("high", y), text: field("n") },
        },
      ],
    })));
  }

  function recalibrated() {
    const states = ["before", "after"];
    const charts = sets.filter((set) => set.after.length > 0).map((set) => ({
      width: size(), height: 160,
      data: {
        values: [
          ...set.bins.map((bin) => ({ ...bin, state: "before", gap: bin.confidence - bin.accuracy })),
          ...set.after.map((bin) => ({ ...bin, state: "after", gap: bin.confidence - bin.accuracy })),
        ],
      },
      layer: [
        title(set.name),
        { data: { values: [{}] }, mark: { type: "rule", color: "var(--soft)", aria: false }, encoding: { y: { datum: 0, type: "quantitative" } } },
        {
          mark: { type: "line", point: { filled: true, size: 50 }, strokeWidth: 1.5 },
          encoding: {
            x: field("confidence", { title: "confidence", axis: ticks, scale: unit }),
            y: field("gap", { title: "confidence less accuracy", axis: axis({ tickCount: 5 }) }),
            color: {
              field: "state", type: "nominal", scale: { domain: states, range: ["var(--c5)", "var(--c1)"] },
              legend: { title: null, orient: "top" },
            },
            tooltip: [{ field: "state" }, ...binTooltip],
          },
        },
      ],
    }));
    return multiples(charts.length > 0 ? charts : [{ mark: "text", data: { values: [{}] }, encoding: { text: { value: "No recalibration is defined for these sets." } } }]);
  }

  function selection() {
    const x = { title: "coverage", axis: ticks, scale: unit }, y = { title: "risk", axis: axis({ tickCount: 5 }) };
    const tooltip = [
      field("coverage", { format: ".3f" }), field("risk", { format: ".3f" }), field("oracle", { title: "oracle's risk", format: ".3f" }),
    ];
    return multiples(sets.map((set) => ({
      width: size(), height: 180, data: { values: set.curve },
      layer: [
        title(set.name),
        {
          data: { values: [{ coverage: 0, risk: set.random }, { coverage: 1, risk: set.random }] },
          mark: { type: "line", color: "var(--soft)", strokeDash: [1, 3], aria: false },
          encoding: { x: field("coverage", x), y: field("risk", y) },
        },
        {
          mark: { type: "line", color: "var(--c5)", strokeDash: [5, 4], strokeWidth: 1.5, aria: false },
          encoding: { x: field("coverage", x), y: field("oracle", y) },
        },
        {
          mark: { type: "line", color: "var(--c1)", strokeWidth: 2, tooltip: true },
          encoding: { x: field("coverage", x), y: field("risk", y), tooltip },
        },
      ],
    })));
  }

  page.show((name) => (name === "reliability" ? reliability() : name === "recalibrated" ? recalibrated() : selection()));
})();
