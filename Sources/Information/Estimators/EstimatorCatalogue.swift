/// The list of all estimators.
package enum EstimatorCatalogue {
    /// All estimators, in the order of the documentation. To add one, write its file and add a line here.
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

    /// The default estimator of EMI.
    package static let standard: any Estimator.Type = ReferenceChannel.self
    /// The default estimator of I(X; Y) between two arrays.
    package static let standardForArrays: any Estimator.Type = AutoInformation.self

    /// The names of all estimators, in the order of the documentation.
    package static let names = all.map { $0.about.name }

    /// The estimator with this name; nil when there is none.
    package static func named(_ name: String) -> (any Estimator.Type)? { all.first { $0.about.name == name } }
}
