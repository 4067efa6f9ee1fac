// Quality by version and by age, for people.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "index/store/index_root.h"
#include "kindred/index/v1/index_info.pb.h"

namespace kindred {

// How hit@10 falls as a version ages: a line through the measurements of each version, of one slope for all.
struct Decay {
  double per_day = 0;  // Below 0: it falls.
  double standard_error = 0;
  double start = 0;     // Mean of what the lines give at age 0.
  double max_days = 0;  // The oldest measurement.
};

// Least squares, measurements weighted by their errors. nullopt: no version was measured at two ages.
std::optional<Decay> FitDecay(const std::vector<index::v1::Measurement>& measurements);

// How often to rebuild, in a line; without a decay, how to find out.
std::string DecayAdvice(const std::optional<Decay>& decay);

// A table of the versions and their quality at build, a table and plot of the measurements by age, those of sessions
// that a version knew for themselves, and how often to rebuild. `published` is IndexRoot::ActiveStack().
std::string FormatHistory(const std::vector<index::v1::IndexInfo>& versions, const std::vector<IndexVersion>& published,
                          const std::vector<index::v1::Measurement>& measurements);

// A table of measurements, as they are made.
std::string FormatMeasurements(const std::vector<index::v1::Measurement>& measurements);

}  // namespace kindred
