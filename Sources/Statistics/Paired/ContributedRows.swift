/// What each row of a set contributes to I(X; Y_theta) and to I(X; Y), with the item names by which another run recognises the row.
package struct ContributedRows: Sendable, Equatable {
    /// n different names of items.
    package let identifiers: [String]
    /// n labels of groups of dependent rows.
    package let groups: [String]
    /// n contributions whose mean is I(X; Y_theta), in nats.
    package let model: [Double]
    /// n contributions whose mean is I(X; Y), in nats.
    package let reference: [Double]

    /// The rows of a set.
    ///
    /// - Precondition: all four arrays have one entry for each row.
    package init(identifiers: [String], groups: [String], model: [Double], reference: [Double]) {
        precondition(
            groups.count == identifiers.count && model.count == identifiers.count
                && reference.count == identifiers.count,
            "rows of a set differ in their counts")
        (self.identifiers, self.groups, self.model, self.reference) = (identifiers, groups, model, reference)
    }

    /// The number of rows.
    package var count: Int { identifiers.count }

    /// The rows sorted by name, so that no digit of a comparison depends on the order of rows in a file.
    package var sorted: ContributedRows {
        let order = identifiers.indices.sorted { identifiers[$0] < identifiers[$1] }
        return ContributedRows(
            identifiers: order.map { identifiers[$0] }, groups: order.map { groups[$0] },
            model: order.map { model[$0] },
            reference: order.map { reference[$0] })
    }
}

/// Why rows of two runs cannot be compared with each other.
package enum PairingObstacle: Error, Equatable, Sendable {
    /// A name occurs twice in one of the sets.
    case repeatedItem(String)
    /// The sets hold different items; `example` is in only one of them.
    case differentItems(example: String)
    /// An item is in different groups in the two sets.
    case differentGroups(example: String)
    /// A row's contribution to I(X; Y) differs, so the queries, the references or the q that judges them are not the same.
    case differentReferences(example: String)
}
