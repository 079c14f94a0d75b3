/// A form of an estimate in which EMI of thousands of subsets of rows costs only a few matrix products.
package protocol SubsetForm: Sendable {
    /// A function that gives EMI, in nats, of subsets of this set's rows followed by those of another; nil if the other's form differs.
    func effectiveInformation(with other: any SubsetForm) -> (@Sendable (_ subsets: [[Int]]) -> [Double])?

    /// What the rows of two sets contribute to EMI when neither set is the larger; nil where sizes are alike or make no difference.
    func contributionsAtEqualSizes(with other: any SubsetForm) -> EqualSizes?
}

extension SubsetForm {
    package func contributionsAtEqualSizes(with other: any SubsetForm) -> EqualSizes? { nil }
}

/// What the rows of two sets contribute to EMI when the answers of both are compared with as many references.
package struct EqualSizes: Sendable {
    /// n1 contributions in nats, one for each row of the first set.
    package let first: [Double]
    /// n2 contributions in nats, one for each row of the second set.
    package let second: [Double]
    /// I(X; Y_theta) of the second set, in nats.
    package let secondModelInformation: Double
    /// The number of groups that answers are compared with.
    package let groupCount: Int
}
