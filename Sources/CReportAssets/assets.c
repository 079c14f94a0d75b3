#include "CReportAssets.h"

// #embed is C23, an extension in the C that SwiftPM asks for.
#pragma clang diagnostic ignored "-Wc23-extensions"

static const unsigned char vega[] = {
#embed "vega.js"
};

static const unsigned char script[] = {
#embed "report.js"
};

static const unsigned char style[] = {
#embed "report.css"
};

static const unsigned char licenses[] = {
#embed "LICENSES.md"
};

ReportAsset reportAssetVega(void) { return (ReportAsset){vega, sizeof vega}; }
ReportAsset reportAssetScript(void) { return (ReportAsset){script, sizeof script}; }
ReportAsset reportAssetStyle(void) { return (ReportAsset){style, sizeof style}; }
ReportAsset reportAssetLicenses(void) { return (ReportAsset){licenses, sizeof licenses}; }
