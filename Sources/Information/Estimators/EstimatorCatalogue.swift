/// All estimators there are.
package enum EstimatorCatalogue {
    /// In the order of the documentation. An estimator is its file and its line here.
    package static let all: [any Estimator.Type] = [
        ReferenceChannel.self,
        ClubKernel.self,
        ClubRidge.self,
        ClubNetwork.self,
        AutoInformation.self,
        CopulaInformation.self,
        GaussianInformation.self,
        KraskovInformation.self,
        MatrixRenyiInformation.self,
        ContrastiveInformation.self,
    ]

    /// The default for EMI.
    package static let standard: any Estimator.Type = ReferenceChannel.self
    /// The default for I(X; Y) of two arrays.
    package static let standardForArrays: any Estimator.Type = AutoInformation.self

    /// The names, in the order of the documentation.
    package static let names = all.map { $0.about.name }

    /// The estimator of a name; nil for one that there is not.
    package static func named(_ name: String) -> (any Estimator.Type)? { all.first { $0.about.name == name } }
}
