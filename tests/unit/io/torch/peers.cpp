#include "catch.hpp"
#include "unit/io/folder.hpp"

#include <verdant/io/file/atomic_file.hpp>
#include <verdant/io/torch/tensor_file.hpp>

#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

namespace io = verdant::io;

namespace {

/// Writes files with Debian's PyTorch and NumPy (python3-torch), both formats and all protocols.
constexpr const char* script = R"(
import sys
try:
    import argparse, collections, functools, pathlib, types
    import numpy as np, torch
except ImportError:
    sys.exit(7)
class Own:
    def __init__(self): self.me = self; self.inside = [self]
net = torch.nn.Sequential(torch.nn.Linear(3, 2), torch.nn.BatchNorm1d(2))
optimizer = torch.optim.AdamW(net.parameters())
net(torch.ones(4, 3)).sum().backward()
optimizer.step()
with torch.no_grad():
    net[0].weight.copy_(torch.arange(6.).reshape(2, 3))
everything = dict(
    epoch=3, state_dict=net.state_dict(), optimizer=optimizer.state_dict(),
    lr=np.float64(0.5), f32=np.float32(0.25), i=np.int64(-3), b=np.bool_(True), u=np.uint64(2 ** 64 - 1),
    rows=np.arange(6, dtype='>i2').reshape(2, 3), columns=np.asfortranarray(np.arange(6.).reshape(2, 3)),
    texts=np.array(['a', 'bc']), objects=np.array([None], dtype=object), c=np.complex64(1), dt=np.dtype('float32'), cls=np.float64,
    state=np.random.get_state(), generator=np.random.default_rng(3), rng=torch.get_rng_state(),
    counter=collections.Counter('abca'), queue=collections.deque([1, 2], 5), ns=argparse.Namespace(a=1), sns=types.SimpleNamespace(z=3),
    path=pathlib.Path('/a'), part=functools.partial(print, 1), fn=torch.nn.functional.gelu, own=Own(), model=net, adam=optimizer,
    complex=torch.ones(2, dtype=torch.complex64), sparse=torch.eye(2).to_sparse(), meta=torch.empty(2, device='meta'),
    q=torch.quantize_per_tensor(torch.ones(2), .1, 0, torch.qint8), bf=torch.ones(2, dtype=torch.bfloat16), turned=torch.arange(6.).reshape(2, 3).t())
for protocol in 2, 3, 4, 5:
    for zipped in True, False:
        torch.save(everything, f"{sys.argv[1]}/{'zip' if zipped else 'legacy'}{protocol}.pt", pickle_protocol=protocol,
                   _use_new_zipfile_serialization=zipped)
torch.save(net, sys.argv[1] + '/whole.pt')
np.savez(sys.argv[1] + '/mixed.npz', w=np.arange(3.), names=np.array(['a', 'b']))
)";

} // namespace

TEST_CASE("what PyTorch and NumPy write is read, whatever else a checkpoint holds", "[io][peer]") {
    const scratch_folder folder;
    io::write_file(folder.file("write.py"), script);
    const auto command = "/usr/bin/python3 -W ignore '" + folder.file("write.py") + "' '" + folder.path.string() + "' >/dev/null 2>&1";
    if (std::system(command.c_str()) != 0 || !std::filesystem::exists(folder.file("mixed.npz"))) {
        WARN("skipped: Debian's python3-torch does not write");
        return;
    }
    for (const std::string format : {"zip", "legacy"})
        for (const std::string protocol : {"2", "3", "4", "5"}) {
            INFO(format << protocol);
            const auto checkpoint = io::torch_checkpoint::open(folder.file(format + protocol + ".pt"));
            const auto weights = checkpoint.state_dict();
            CHECK(weights.size() == 7);
            CHECK(weights.at("0.weight").to<double>() == std::vector<double>{0, 1, 2, 3, 4, 5});
            const auto& root = checkpoint.root();
            CHECK(root.find("lr")->real() == 0.5);
            CHECK(root.find("f32")->real() == 0.25);
            CHECK(root.find("i")->integer() == -3);
            CHECK(root.find("b")->boolean());
            CHECK(root.find("u")->text() == std::string(8, '\xff') + '\0');
            CHECK(root.find("dt")->text() == "f4");
            CHECK(root.find("counter")->find("a")->integer() == 2);
            CHECK(root.find("queue")->items().size() == 2);
            CHECK(root.find("ns")->find("a")->integer() == 1);
            CHECK(root.find("sns")->find("z")->integer() == 3);
            CHECK(checkpoint.tensor(*root.find("rows")).to<int>() == std::vector<int>{0, 1, 2, 3, 4, 5});
            CHECK(checkpoint.tensor(*root.find("columns")).to<double>() == std::vector<double>{0, 1, 2, 3, 4, 5});
            CHECK(checkpoint.tensor(*root.find("turned")).to<double>() == std::vector<double>{0, 3, 1, 4, 2, 5});
            const auto all = checkpoint.tensors_below(root);
            for (const std::string name : {"texts", "objects", "c", "generator", "path", "part", "own", "model", "adam", "complex", "sparse", "meta", "q"}) {
                CHECK(all.find(name) == nullptr);
                CHECK_THROWS_WITH(all.at(name), Catch::Contains("tensor " + name + ": expected elements that can be read"));
            }
        }
    CHECK_THROWS_WITH(io::read_tensors(folder.file("whole.pt")), Catch::Contains("torch.nn.modules.container.Sequential"));
    const auto mixed = io::read_tensors(folder.file("mixed.npz"));
    CHECK(mixed.at("w").to<double>() == std::vector<double>{0, 1, 2});
    CHECK_THROWS_WITH(mixed.at("names"), Catch::Contains("(texts)"));
}
