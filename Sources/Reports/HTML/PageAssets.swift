import CReportAssets
import EmbeddingFiles
import Foundation

/// The files of a page that are the same for every report of a sort.
struct PageAssets {
    /// What a page shows.
    enum Sort {
        case report
        case comparison
        case calibration
        case attribution
        case bottleneck
    }

    /// Vega, Vega-Lite and Vega-Embed.
    let vega = unsafe Self.text(reportAssetVega())
    /// The licenses of what is in it, which ask to be passed on with it.
    let licenses = unsafe Self.text(reportAssetLicenses())
    /// What draws the charts and sorts the tables.
    let script: String
    /// How it looks.
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

    /// The policy that the page is shown under: the scripts that it came with and nothing else, and no way to the network, so that
    /// what a report holds cannot run or call home even where escaping failed.
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
