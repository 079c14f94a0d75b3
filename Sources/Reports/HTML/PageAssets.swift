import CReportAssets
import EmbeddingFiles
import Foundation

/// The parts of a page that are the same for all reports of one sort.
struct PageAssets {
    /// The sort of report that a page shows.
    enum Sort {
        case report
        case comparison
        case calibration
        case attribution
        case bottleneck
    }

    /// Vega, Vega-Lite and Vega-Embed.
    let vega = unsafe Self.text(reportAssetVega())
    /// The licences of the bundled libraries, which require that they be passed on.
    let licenses = unsafe Self.text(reportAssetLicenses())
    /// The script that draws the charts and sorts the tables.
    let script: String
    /// The style sheet.
    let style = unsafe Self.text(reportAssetStyle())

    init(_ sort: Sort) {
        switch sort {
        case .report: script = unsafe Self.text(reportAssetReportScript())
        case .comparison: script = unsafe Self.text(reportAssetComparisonScript())
        case .calibration: script = unsafe Self.text(reportAssetCalibrationScript())
        case .attribution: script = unsafe Self.text(reportAssetAttributionScript())
        case .bottleneck: script = unsafe Self.text(reportAssetBottleneckScript())
        }
    }

    /// The page's content security policy. It allows only the page's own scripts and no access to the network, so that nothing in a report
    /// can run or call home even if escaping failed.
    var contentSecurityPolicy: String {
        let scripts = [vega, script].map { text in
            "'sha256-\(Data(sha256(Array(text.utf8))).base64EncodedString())'"
        }.joined(separator: " ")
        return "default-src 'none'; script-src \(scripts); style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"
    }

    private static func text(_ asset: ReportAsset) -> String {
        unsafe String(decoding: UnsafeBufferPointer(start: asset.bytes, count: asset.count), as: UTF8.self)
    }
}
