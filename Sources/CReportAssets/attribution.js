// The charts of an attribution.
(() => {
  const { data, isNarrow, field, axis, extent } = page;

  // Shares of pairs and of decoys in each bin, as bars over each other.
  function histogram() {
    const x = field("from", { title: "score t (low: suspicious)", axis: axis() });
    const layer = (name, colour, opacity) => ({
      data: { values: data.bins },
      mark: { type: "bar", color: colour, opacity, binSpacing: 0 },
      encoding: {
        x: { ...x, bin: "binned" }, x2: { field: "to" },
        y: field(name, { title: "share", axis: axis({ format: "%" }) }),
        tooltip: [
          field("from", { title: "t from", format: ".2f" }), field("to", { title: "to", format: ".2f" }),
          field("pairs", { title: "pairs", format: ".1%" }), field("decoys", { title: "decoys", format: ".1%" }),
        ],
      },
    });
    return { height: isNarrow() ? 220 : 300, layer: [layer("decoys", "var(--c5)", 0.55), layer("pairs", "var(--c1)", 0.55)] };
  }

  function changes() {
    const [low, high] = extent(data.changes.flatMap((change) => [change.predicted, change.measured, 0]));
    const margin = 0.06 * (high - low || 1);
    const ends = [low - margin, high + margin];
    const scale = { domain: ends, nice: false };
    const x = field("predicted", { title: "predicted change", axis: axis(), scale });
    const y = field("measured", { title: "measured after a refit", axis: axis(), scale });
    return {
      height: isNarrow() ? 300 : 380,
      layer: [
        {
          data: { values: ends.map((end) => ({ predicted: end, measured: end })) },
          mark: { type: "line", color: "var(--ink)", strokeDash: [5, 4], strokeWidth: 1.5, aria: false }, encoding: { x, y },
        },
        {
          data: { values: data.changes }, mark: { type: "point", filled: true, size: 80, opacity: 1, color: "var(--c1)" },
          encoding: {
            x, y,
            tooltip: [
              { field: "name", title: "of" }, field("predicted", { title: "predicted", format: ".3f" }),
              field("measured", { title: "measured", format: ".3f" }),
            ],
          },
        },
      ],
    };
  }

  page.show((name) => (name === "histogram" ? histogram() : changes()));
})();
