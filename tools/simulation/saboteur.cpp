#include "tools/simulation/saboteur.h"

namespace cosell::simulation {

void Saboteur::Arm(const std::vector<Trouble>& troubles) {
  armed_.clear();
  for (const Trouble& trouble : troubles) {
    if (trouble.spot >= Spot::crash_before_send) armed_.push_back(trouble);
  }
  remote_writes_ = 0;
  store_writes_ = 0;
  answered_ = false;
}

void Saboteur::Throw(Spot spot, int count) {
  for (const Trouble& trouble : armed_) {
    if (trouble.spot != spot || trouble.nth != count) continue;
    const std::string where = Describe(trouble);
    std::erase_if(armed_, [&](const Trouble& other) { return other.number == trouble.number; });
    throw Crash{where};
  }
}

void Saboteur::BeforeSend() {
  ++remote_writes_;
  Throw(Spot::crash_before_send, remote_writes_);
}

void Saboteur::AfterEffect() { Throw(Spot::crash_after_effect, remote_writes_); }

void Saboteur::AfterAnswer() {
  for (const Trouble& trouble : armed_) {
    const bool recording =
        trouble.spot == Spot::crash_after_answer || trouble.spot == Spot::crash_after_commit;
    if (!recording || trouble.nth != remote_writes_) continue;
    answered_ = true;
    answered_spot_ = trouble.spot;
  }
}

void Saboteur::BeforeStoreWrite() {
  ++store_writes_;
  Throw(Spot::crash_before_store_write, store_writes_);
  if (answered_ && answered_spot_ == Spot::crash_after_answer)
    throw Crash{"after an answer, before it was recorded"};
}

void Saboteur::AfterStoreWrite(bool commit) {
  Throw(Spot::crash_after_store_write, store_writes_);
  if (answered_ && commit && answered_spot_ == Spot::crash_after_commit)
    throw Crash{"after a remote write was recorded"};
}

}  // namespace cosell::simulation
