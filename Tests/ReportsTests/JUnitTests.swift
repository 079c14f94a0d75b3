import Foundation
import Testing

@testable import Reports

#if canImport(FoundationXML)
    import FoundationXML
#endif

/// What a reader of JUnit XML finds.
private final class Found: NSObject, XMLParserDelegate {
    var elements: [(name: String, attributes: [String: String])] = []

    init(_ text: String) throws {
        super.init()
        let parser = XMLParser(data: Data(text.utf8))
        parser.delegate = self
        if !parser.parse() { throw parser.parserError ?? CocoaError(.fileReadCorruptFile) }
    }

    func parser(
        _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
        attributes: [String: String] = [:]
    ) {
        elements.append((name, attributes))
    }

    func count(_ name: String) -> Int { elements.count { $0.name == name } }
}

@Suite struct JUnitTests {
    @Test func outcomesAreCountedAndNamed() throws {
        var report = try syntheticReport(count: 6)
        report.scenarios[1].emid?.interval = nil
        report.scenarios[2] = Report.Scenario(
            name: "lost", status: "failed", error: Report.Failure(code: "missing_file", message: "x.npz: expected a file"), warnings: [])
        let found = try Found(report.junit())
        let suite = try #require(found.elements.first)
        #expect(suite.name == "testsuite" && suite.attributes["tests"] == "6" && suite.attributes["failures"] == "0")
        // 0 and 3 straddle zero, 1 has no interval.
        #expect(suite.attributes["skipped"] == "3" && found.count("skipped") == 3)
        #expect(suite.attributes["errors"] == "1" && found.count("error") == 1 && found.count("failure") == 0)
        #expect(found.elements.first { $0.name == "error" }?.attributes["type"] == "missing_file")
        #expect(found.elements.filter { $0.name == "testcase" }.map { $0.attributes["classname"] }.first == "emi.visual")
    }

    @Test func aGateDecidesWhereItHasSpoken() throws {
        let report = try syntheticReport(count: 4)
        let names = report.scenarios.map(\.name)
        let text = try report.rendered(
            .junit, outcomes: [names[0]: .passed, names[1]: .failed("emid.value is 0.4, above 0.1"), names[2]: .inconclusive("open")])
        let found = try Found(text)
        #expect(found.count("failure") == 1 && found.count("error") == 0)
        #expect(found.elements.first { $0.name == "failure" }?.attributes["message"] == "emid.value is 0.4, above 0.1")
        // 0 straddles zero but passed; 2 is open by the gate, 3 by its interval.
        #expect(found.count("skipped") == 2)
    }

    @Test func hostileNamesAreText() throws {
        let report = try syntheticReport(count: hostileTexts.count, names: hostileTexts)
        let found = try Found(report.junit())
        #expect(found.count("testcase") == hostileTexts.count && found.count("script") == 0)
        let names = found.elements.filter { $0.name == "testcase" }.map { $0.attributes["name"] }
        #expect(names[0] == hostileTexts[0] && names[3] == hostileTexts[3])
    }
}
