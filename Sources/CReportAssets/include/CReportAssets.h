#ifndef C_REPORT_ASSETS_H
#define C_REPORT_ASSETS_H

#include <stddef.h>

/// The bytes of a file that is part of the program.
typedef struct {
    const unsigned char *bytes;
    size_t count;
} ReportAsset;

/// Vega, Vega-Lite and Vega-Embed as one script.
ReportAsset reportAssetVega(void);
/// The licenses of what is in it.
ReportAsset reportAssetLicenses(void);
/// What draws the charts and sorts the tables of a report.
ReportAsset reportAssetReportScript(void);
/// What draws the charts and sorts the tables of a comparison.
ReportAsset reportAssetComparisonScript(void);
/// What draws the charts of a calibration report.
ReportAsset reportAssetCalibrationScript(void);
/// What draws the charts and sorts the tables of an attribution.
ReportAsset reportAssetAttributionScript(void);
/// What draws the charts and sorts the tables of a bottleneck.
ReportAsset reportAssetBottleneckScript(void);
/// How pages look.
ReportAsset reportAssetStyle(void);

#endif
