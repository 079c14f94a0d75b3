// The charts of a bottleneck.
(() => {
  const { data, isNarrow, field, axis, nameAxis } = page;
  const unit = data.units;
  // The order of columns in every table.
  const names = data.representations.map((entry) => entry.label);
  const colours = ["var(--soft)", "var(--c1)", "var(--c5)", "var(--open)"];
  // One legend for both: of two that differ, Vega-Lite warns.
  const legend = { title: null, orient: "top", columns: isNarrow() ? 1 : 4 };
  const colour = { field: "label", type: "nominal", scale: { domain: names, range: colours.slice(0, names.length) }, legend };
  const shape = { field: "label", type: "nominal", legend, scale: { domain: names, range: ["circle", "diamond", "square", "triangle-up"] } };

  function plane() {
    const x = field("rate", { title: `nats of ${data.of} kept, I(X;Z)`.replace("nats", unit), axis: axis() });
    const y = field("relevance", { title: `${unit} told of ${data.target}, I(Z;Y)`, axis: axis() });
    const tooltip = [
      field("beta", { title: "beta", format: ".3f" }), field("rate", { title: `rate (${unit})`, format: ".3f" }),
      field("relevance", { title: `relevance (${unit})`, format: ".3f" }), field("rank", { title: "columns" }),
    ];
    const chosen = data.chosen ? [data.chosen] : [];
    return {
      height: isNarrow() ? 260 : 340,
      layer: [
        { data: { values: data.plane }, mark: { type: "line", color: "var(--c1)", strokeWidth: 2, aria: false }, encoding: { x, y, order: field("beta") } },
        { data: { values: data.plane }, mark: { type: "point", filled: true, size: 30, color: "var(--c1)", opacity: 1 }, encoding: { x, y, tooltip } },
        { data: { values: chosen }, mark: { type: "point", shape: "diamond", filled: true, size: 160, color: "var(--c5)", opacity: 1 }, encoding: { x, y, tooltip } },
      ],
    };
  }

  function dots(value, title) {
    const values = data.points;
    const shown = new Set(values.map((point) => point.name)).size;
    const y = {
      field: "name", type: "nominal", sort: null,
      axis: nameAxis(values.map((point) => point.name), { grid: true, gridDash: [1, 3] }),
    };
    const tooltip = [
      { field: "name", title: "scenario" }, { field: "label", title: "representation" }, field("accuracy", { title: "probe", format: ".3f" }),
      field("excess", { title: `excess of JSD (${unit})`, format: ".3f" }),
    ];
    return {
      data: { values }, height: 20 * shown,
      mark: { type: "point", filled: true, size: 60, opacity: 1 },
      encoding: { y, x: field(value, { title, axis: axis({ orient: "top" }) }), color: colour, shape, tooltip },
    };
  }

  page.show((name) => (name === "plane" ? plane() : name === "probes" ? dots("accuracy", "share of answers read")
    : dots("excess", `excess of JSD (${unit})`)));
})();
