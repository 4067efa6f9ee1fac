// Holds the house to its plan: which room may use which, that CMake says the same, and that each source file has a
// test.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <regex>
#include <set>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/temp_dir.h"

namespace kindred {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

struct Room {
  std::string folder;               // Below the root; an include of its headers begins with it.
  std::string target;               // In CMake.
  std::set<std::string> uses;       // Targets of other rooms that it may use.
  std::set<std::string> main_uses;  // Those that only its main.cc may.
};

// The whole plan. Above: what the server links. Below: what it never links.
std::vector<Room> Plan() {
  std::vector<Room> plan = {
      {"common", "kindred_common", {}, {}},
      {"kindred/v1", "kindred_proto", {}, {}},              // Generated from proto/.
      {"kindred/index/v1", "kindred_index_proto", {}, {}},  // Likewise.
      {"index/text", "kindred_text", {"kindred_common"}, {}},
      {"index/store", "kindred_store", {"kindred_common", "kindred_text", "kindred_index_proto"}, {}},
      {"index/log", "kindred_log", {"kindred_common"}, {}},
      {"client", "kindred_client", {"kindred_proto"}, {"kindred_common"}},
  };
  std::set<std::string> below = {"kindred_common", "kindred_text", "kindred_store", "kindred_index_proto"};
  plan.push_back({"index/lookup", "kindred_lookup", below, {}});
  below.insert("kindred_lookup");
  std::set<std::string> server = below;
  server.insert("kindred_proto");
  plan.push_back({"server", "kindred_server", server, {}});
  below.insert("kindred_log");
  for (const char* name : {"mine", "rank", "stage", "evaluate", "build"}) {
    plan.push_back({std::string("index/") + name, std::string("kindred_") + name, below, {}});
    below.insert(std::string("kindred_") + name);
  }
  return plan;
}

// Source files that need no test file of their own, and why.
const std::map<std::string, std::string>& Untested() {
  static const auto* const untested = new std::map<std::string, std::string>{};
  return *untested;
}

std::string Read(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return std::string(std::istreambuf_iterator<char>(file), {});
}

// Every first group that `pattern` matches in `text`.
std::vector<std::string> Matches(const std::string& text, const std::regex& pattern) {
  std::vector<std::string> found;
  for (std::sregex_iterator it(text.begin(), text.end(), pattern), end; it != end; ++it) found.push_back((*it)[1]);
  return found;
}

// What a house under `root` does against its plan, one sentence each, sorted.
class Inspector {
 public:
  Inspector(fs::path root, std::map<std::string, std::string> untested)
      : root_(std::move(root)), untested_(std::move(untested)), plan_(Plan()) {
    for (const Room& room : plan_) rooms_[room.folder] = &room;
  }

  std::vector<std::string> Violations() {
    for (const Room& room : plan_) {
      if (fs::exists(root_ / room.folder)) Inspect(room);
    }
    for (const auto& [file, reason] : untested_) Add(file + ": excused from a test, but needs no excuse");
    std::sort(violations_.begin(), violations_.end());
    return violations_;
  }

 private:
  void Inspect(const Room& room) {
    const std::set<std::string> linked = Linked(room);
    for (const fs::directory_entry& entry : fs::directory_iterator(root_ / room.folder)) {
      const std::string extension = entry.path().extension();
      if (extension != ".cc" && extension != ".h") continue;
      const std::string file = room.folder + "/" + entry.path().filename().string();
      const bool is_main = entry.path().filename() == "main.cc";
      CheckIncludes(room, file, is_main, linked);
      if (extension == ".h") CheckNames(file);
      if (extension == ".cc" && !is_main) CheckTested(file);
    }
  }

  // The targets of other rooms that the room's CMakeLists.txt names.
  std::set<std::string> Linked(const Room& room) {
    static const std::regex call("(?:kindred_room|kindred_program|target_link_libraries)\\(([^)]*)\\)");
    static const std::regex target("\\b(kindred_[a-z_]+)\\b");
    std::set<std::string> linked;
    for (const std::string& arguments : Matches(Read(root_ / room.folder / "CMakeLists.txt"), call)) {
      for (const std::string& name : Matches(arguments, target)) {
        if (name == room.target) continue;
        linked.insert(name);
        if (!room.uses.count(name) && !room.main_uses.count(name)) {
          Add(room.folder + "/CMakeLists.txt: links " + name + ", which the plan does not allow");
        }
      }
    }
    return linked;
  }

  void CheckIncludes(const Room& room, const std::string& file, bool is_main, const std::set<std::string>& linked) {
    static const std::regex include("#include \"([^\"]+)\"");
    for (const std::string& header : Matches(Read(root_ / file), include)) {
      if (header.rfind("tests/", 0) == 0) Add(file + ": includes " + header + ", which is for tests only");
      const auto owner = rooms_.find(fs::path(header).parent_path());
      if (owner == rooms_.end() || owner->second == &room) continue;
      const std::string& used = owner->second->target;
      if (!room.uses.count(used) && !(is_main && room.main_uses.count(used))) {
        Add(file + ": includes " + header + ", which the plan does not allow");
      } else if (!linked.count(used)) {
        Add(file + ": includes " + header + ", but CMakeLists.txt does not link " + used);
      }
    }
  }

  // Two classes of one name, in two rooms, are one to the linker: it takes the inline functions of either for both.
  void CheckNames(const std::string& file) {
    static const std::regex definition(
        "\n(?:class|struct|enum class) (?:alignas\\([0-9]+\\) )?([A-Z][A-Za-z0-9]*)[^;{]*\\{");
    for (const std::string& name : Matches("\n" + Read(root_ / file), definition)) {
      const auto [at, is_new] = defined_.try_emplace(name, file);
      if (!is_new)
        Add(std::max(file, at->second) + ": defines " + name + ", as " + std::min(file, at->second) + " does");
    }
  }

  void CheckTested(const std::string& file) {
    const std::string test = "tests/" + file.substr(0, file.size() - 3) + "_test.cc";
    if (fs::exists(root_ / test)) return;
    if (untested_.erase(file) == 0) Add(file + ": has no " + test);
  }

  void Add(std::string violation) { violations_.push_back(std::move(violation)); }

  const fs::path root_;
  std::map<std::string, std::string> untested_;  // Those excuses that were not needed yet.
  const std::vector<Room> plan_;
  std::map<std::string, const Room*> rooms_;    // By folder.
  std::map<std::string, std::string> defined_;  // The header of each class.
  std::vector<std::string> violations_;
};

TEST(LayoutTest, EveryRoomKeepsToThePlan) {
  for (const std::string& violation : Inspector(KINDRED_SOURCE_DIR, Untested()).Violations())
    ADD_FAILURE() << violation;
}

TEST(LayoutTest, EveryRoomIsInThePlan) {
  std::set<std::string> planned;
  for (const Room& room : Plan()) planned.insert(room.folder);
  for (const fs::directory_entry& entry : fs::directory_iterator(fs::path(KINDRED_SOURCE_DIR) / "index")) {
    if (fs::exists(entry.path() / "CMakeLists.txt")) {  // index/spark is Python.
      EXPECT_TRUE(planned.count("index/" + entry.path().filename().string())) << entry.path();
    }
  }
}

// A house in which one thing at a time is wrong.
class InspectorTest : public ::testing::Test {
 protected:
  InspectorTest() {
    Write("common/CMakeLists.txt", "kindred_room(common DEPS absl::status)");
    Write("common/clock.h", "#include \"absl/time/time.h\"\n");
    Write("index/log/CMakeLists.txt", "kindred_room(log DEPS kindred_common)");
    Write("index/log/reader.cc", "#include \"index/log/reader.h\"\n#include \"common/clock.h\"\n");
    Write("tests/index/log/reader_test.cc", "");
    Write("server/CMakeLists.txt", "kindred_room(server DEPS kindred_common)\nkindred_program(s DEPS kindred_server)");
    Write("client/CMakeLists.txt", "kindred_room(client DEPS kindred_proto)\nkindred_program(k DEPS kindred_common)");
    Write("client/main.cc", "#include \"common/clock.h\"\n#include \"client/client.h\"\n");
  }

  void Write(const std::string& file, const std::string& content) {
    fs::create_directories((fs::path(dir_.path()) / file).parent_path());
    dir_.Write(file, content);
  }
  std::vector<std::string> Violations() { return Inspector(dir_.path(), untested_).Violations(); }

  testing::TempDir dir_;
  std::map<std::string, std::string> untested_;
};

TEST_F(InspectorTest, FindsNothingInAHouseInOrder) { EXPECT_THAT(Violations(), IsEmpty()); }

TEST_F(InspectorTest, FindsAnIncludeAgainstTheOrder) {
  Write("common/up.h", "#include \"index/log/reader.h\"\n");
  Write("server/mines.h", "#include \"index/log/reader.h\"\n");
  Write("index/log/serves.h", "#include \"server/server.h\"\n");
  Write("client/clock_user.h", "#include \"common/clock.h\"\n");
  EXPECT_THAT(Violations(), ElementsAre(HasSubstr("client/clock_user.h: includes common/clock.h"),
                                        HasSubstr("common/up.h: includes index/log/reader.h"),
                                        HasSubstr("index/log/serves.h: includes server/server.h"),
                                        HasSubstr("server/mines.h: includes index/log/reader.h")));
}

TEST_F(InspectorTest, FindsALinkAgainstTheOrder) {
  Write("server/CMakeLists.txt", "kindred_room(server DEPS kindred_common\n    kindred_mine)");
  EXPECT_THAT(Violations(), ElementsAre(HasSubstr("server/CMakeLists.txt: links kindred_mine")));
}

TEST_F(InspectorTest, FindsAnIncludeThatCMakeDoesNotKnow) {
  Write("index/log/CMakeLists.txt", "kindred_room(log DEPS absl::time)  # kindred_common");
  EXPECT_THAT(Violations(), ElementsAre(HasSubstr("does not link kindred_common")));
}

TEST_F(InspectorTest, FindsATestHeaderInARoom) {
  Write("common/tested.h", "#include \"tests/testing/temp_dir.h\"\n");
  EXPECT_THAT(Violations(), ElementsAre(HasSubstr("for tests only")));
}

TEST_F(InspectorTest, FindsTwoClassesOfOneName) {
  Write("common/clock.h", "namespace kindred {\nclass Clock;\nclass Clock {\n");
  EXPECT_THAT(Violations(), IsEmpty());
  Write("server/clock.h", "class alignas(64) Clock final : public Other {\n");
  EXPECT_THAT(Violations(), ElementsAre("server/clock.h: defines Clock, as common/clock.h does"));
}

TEST_F(InspectorTest, FindsASourceWithoutATestUnlessItIsExcused) {
  Write("index/log/bare.cc", "");
  EXPECT_THAT(Violations(), ElementsAre("index/log/bare.cc: has no tests/index/log/bare_test.cc"));
  untested_["index/log/bare.cc"] = "tried by every other test";
  EXPECT_THAT(Violations(), IsEmpty());
  Write("tests/index/log/bare_test.cc", "");
  EXPECT_THAT(Violations(), ElementsAre(HasSubstr("needs no excuse")));
}

}  // namespace
}  // namespace kindred
