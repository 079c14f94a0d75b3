import Studies
import Testing

@testable import Reports

@Suite struct WarningGuideTests {
    @Test func everyWarningHasASectionAndEverySectionAWarning() {
        #expect(WarningGuide.sections.map(\.code).sorted() == WarningCode.allCases.map(\.rawValue).sorted())
        #expect(WarningGuide.sections.allSatisfy { $0.text.count > 60 && !$0.text.contains("## ") })
    }
}
