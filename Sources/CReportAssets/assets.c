#include "CReportAssets.h"

// #embed is C23, an extension in the C that SwiftPM asks for.
#pragma clang diagnostic ignored "-Wc23-extensions"

static const unsigned char vega[] = {
#embed "vega.js"
};

static const unsigned char report_script[] = {
#embed "page.js"
,
#embed "report.js"
};

static const unsigned char comparison_script[] = {
#embed "page.js"
,
#embed "comparison.js"
};

static const unsigned char attribution_script[] = {
#embed "page.js"
,
#embed "attribution.js"
};

static const unsigned char bottleneck_script[] = {
#embed "page.js"
,
#embed "bottleneck.js"
};

static const unsigned char calibration_script[] = {
#embed "page.js"
,
#embed "calibration.js"
};

static const unsigned char style[] = {
#embed "report.css"
};

static const unsigned char licenses[] = {
#embed "LICENSES.md"
};

ReportAsset reportAssetVega(void) { return (ReportAsset){vega, sizeof vega}; }
ReportAsset reportAssetReportScript(void) { return (ReportAsset){report_script, sizeof report_script}; }
ReportAsset reportAssetComparisonScript(void) { return (ReportAsset){comparison_script, sizeof comparison_script}; }
ReportAsset reportAssetCalibrationScript(void) { return (ReportAsset){calibration_script, sizeof calibration_script}; }
ReportAsset reportAssetAttributionScript(void) { return (ReportAsset){attribution_script, sizeof attribution_script}; }
ReportAsset reportAssetBottleneckScript(void) { return (ReportAsset){bottleneck_script, sizeof bottleneck_script}; }
ReportAsset reportAssetStyle(void) { return (ReportAsset){style, sizeof style}; }
ReportAsset reportAssetLicenses(void) { return (ReportAsset){licenses, sizeof licenses}; }
