/// Rows in two parts. Rows are numbered in the pool: those of the first sample, then those of the second.
package struct RowSplit: Sendable, Equatable {
    /// Pooled indices, ascending.
    package let first: [Int]
    /// Pooled indices, ascending.
    package let second: [Int]
}

/// The pooled rows of a design, randomly dealt out to two parts, as the null hypothesis that both samples have one distribution allows.
///
/// If units of rows differ in size, they are first thinned to equally many rows. A statistic is then its mean over several thinnings,
/// for the observed labels as well as for the random ones.
package struct Relabelling: Sendable, Equatable {
    /// The rows as dealt out: one entry, or one for each thinning. The same units go to the same side in all of them.
    package let dealt: [RowSplit]
    /// The thinned rows under their own labels, for comparison with the dealt ones; empty when every row takes part.
    package let drawn: [RowSplit]

    /// The first part (of the first thinning, if there are several).
    package var first: [Int] { dealt.first?.first ?? [] }
    /// The second part (of the first thinning, if there are several).
    package var second: [Int] { dealt.first?.second ?? [] }
}

/// Equally many units from both samples, under their own labels and relabelled.
package struct BalancedDraw: Sendable, Equatable {
    /// The drawn rows under their own labels.
    package let drawn: RowSplit
    /// The same rows under random labels.
    package let relabelled: RowSplit
}

/// Seeded draws, each made from a stream of its own when it is asked for: a million relabellings of 180 rows would take 1.4 GB
/// if they were kept.
package struct SeededDraws<Element: Sendable>: RandomAccessCollection, Sendable {
    package let endIndex: Int
    private let draw: @Sendable (_ index: Int) -> Element
    private let kept: [Element]

    /// `count` elements; `draw` makes each from its index.
    init(count: Int, draw: @escaping @Sendable (_ index: Int) -> Element) {
        self.init(endIndex: count, draw: draw, kept: [])
    }

    private init(endIndex: Int, draw: @escaping @Sendable (_ index: Int) -> Element, kept: [Element]) {
        (self.endIndex, self.draw, self.kept) = (endIndex, draw, kept)
    }

    package var startIndex: Int { 0 }
    package subscript(index: Int) -> Element { index < kept.count ? kept[index] : draw(index) }

    /// The same draws, the first `limit` of them made now and kept, for several readers.
    package func keeping(upTo limit: Int) -> SeededDraws {
        SeededDraws(endIndex: endIndex, draw: draw, kept: (0..<Swift.min(limit, endIndex)).map(draw))
    }
}
