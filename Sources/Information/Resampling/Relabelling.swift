/// Pooled rows (those of the first sample, then those of the second) in two parts.
package struct RowSplit: Sendable, Equatable {
    /// Pooled indices, ascending.
    package let first: [Int]
    /// Pooled indices, ascending.
    package let second: [Int]
}

/// The pooled rows of a design dealt out again in two, under the null hypothesis that both samples have one distribution.
///
/// Where units of rows differ in size they are dealt on thinnings, which keep as many rows of each; a statistic is then
/// its mean over the thinnings, on both sides of the comparison.
package struct Relabelling: Sendable, Equatable {
    /// The rows dealt out again: one entry, or one a thinning. The same units go to the same side in all of them.
    package let dealt: [RowSplit]
    /// The thinned rows under their own labels, with which the dealt ones are to be compared; empty where every row takes part.
    package let drawn: [RowSplit]

    /// The first part, of the first thinning where there are several.
    package var first: [Int] { dealt.first?.first ?? [] }
    /// The second part, of the first thinning where there are several.
    package var second: [Int] { dealt.first?.second ?? [] }
}

/// As many units from either of two samples, as they are and relabelled.
package struct BalancedDraw: Sendable, Equatable {
    /// The drawn rows under their own labels.
    package let drawn: RowSplit
    /// The same rows dealt out again.
    package let relabelled: RowSplit
}

/// Seeded draws that are made when they are asked for, each from a stream of its own: a million relabellings of 180 rows
/// would take 1.4 GB at once.
package struct SeededDraws<Element: Sendable>: RandomAccessCollection, Sendable {
    package let endIndex: Int
    private let draw: @Sendable (_ index: Int) -> Element

    /// `count` elements, made by `draw` from their index.
    init(count: Int, draw: @escaping @Sendable (_ index: Int) -> Element) {
        endIndex = count
        self.draw = draw
    }

    package var startIndex: Int { 0 }
    package subscript(index: Int) -> Element { draw(index) }
}
