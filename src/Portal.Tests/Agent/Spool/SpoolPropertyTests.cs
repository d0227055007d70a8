using CsCheck;
using Portal.Agent.Spool;
using Portal.Core.Agents;
using Portal.Tests.Testing;

namespace Portal.Tests.Agent.Spool;

/// <summary>Whatever happens to the agent, in whatever order: what the portal gets is what was measured, once.</summary>
public sealed class SpoolPropertyTests
{
    private const int Limit = 32 << 10;

    private enum Step
    {
        Append,
        AppendMany,
        Send,
        SendUnanswered,
        Restart,
        Kill,
        PowerCut,
    }

    [Fact]
    public void Nothing_is_doubled_and_nothing_but_torn_and_folded_samples_is_missing() =>
        Gen.Select(Gen.Enum<Step>(), Gen.Int[1, 200]).Array[1, 40].Sample(steps =>
        {
            using var run = new Run();
            foreach (var (step, number) in steps) run.Do(step, number);
            run.Finish();
        }, iter: 40, threads: 1);

    [Fact]
    public void A_fold_that_is_cut_off_anywhere_neither_loses_nor_doubles() =>
        Gen.Int[0, 2].Sample(left =>
        {
            using var folder = new TemporaryFolder();
            using var cut = new TemporaryFolder();
            using var spool = new SampleSpool(folder.Path, Limit, TimeProvider.System);
            var (before, after) = (Files(folder.Path), Files(folder.Path));
            for (var i = 0; !after.Keys.Any(name => name.Contains(".1.")); i++)
            {
                (before, _) = (Files(folder.Path), i);
                spool.Append(SampleSpoolTests.Sample(i));
                after = Files(folder.Path);
            }
            var gone = before.Keys.Except(after.Keys).Order(StringComparer.Ordinal).ToArray();
            // The originals go one after the other.
            foreach (var name in gone.Skip(left)) after[name] = before[name];
            foreach (var (name, bytes) in after) File.WriteAllBytes(Path.Combine(cut.Path, name), bytes);
            File.WriteAllBytes(Path.Combine(cut.Path, "garbage.tmp"), [1, 2, 3]);

            using var again = new SampleSpool(cut.Path, Limit, TimeProvider.System);

            Assert.Equal(SampleSpoolTests.ReadAll(spool).Select(sample => sample.Sequence), SampleSpoolTests.ReadAll(again).Select(sample => sample.Sequence));
        }, iter: 4, threads: 1);

    private static Dictionary<string, byte[]> Files(string directory) =>
        Directory.EnumerateFiles(directory).Where(file => !file.EndsWith("in-use", StringComparison.Ordinal)).ToDictionary(file => Path.GetFileName(file), File.ReadAllBytes);

    /// <summary>An agent and a portal with nothing between them, and a memory of what was measured.</summary>
    private sealed class Run : IDisposable
    {
        private readonly List<TemporaryFolder> _folders = [new()];
        private readonly Dictionary<long, long> _measured = [];
        private readonly List<NodeSample> _kept = [];
        private SampleSpool _spool;
        private long _counter;
        private long _last;
        private bool _mayFold;

        public Run() => _spool = Open();

        private long Acknowledged => _kept.Count == 0 ? 0 : _kept[^1].Sequence;

        public void Do(Step step, int number)
        {
            switch (step)
            {
                case Step.Append: Append(); break;
                case Step.AppendMany: for (var i = 0; i < number; i++) Append(); break;
                case Step.Send: Send(number * 100, isAnswered: true); break;
                case Step.SendUnanswered: Send(number * 100, isAnswered: false); break;
                case Step.Restart: Restart(); break;
                case Step.Kill: Kill(0); break;
                default: Kill(number); break;
            }
        }

        /// <summary>The link comes back and stays: everything that is there is sent.</summary>
        public void Finish()
        {
            while (Send(5_000, isAnswered: true)) Assert.True(_kept.Count <= _counter);
            _spool.Acknowledge(Acknowledged);
            Assert.Equal(0, _spool.Bytes);
            Assert.Equal(_kept.Select(sample => sample.Sequence).Distinct().Order(), _kept.Select(sample => sample.Sequence));
            Assert.All(_kept, sample => Assert.Equal(_measured[sample.Sequence], sample.Devices[0].Reads));
            if (!_mayFold) Assert.Equal(_measured.Keys.Order(), _kept.Select(sample => sample.Sequence));
        }

        public void Dispose()
        {
            _spool.Dispose();
            foreach (var folder in _folders) folder.Dispose();
        }

        private SampleSpool Open() => new(_folders[^1].Path, Limit, TimeProvider.System);

        private void Append()
        {
            _spool.Append(SampleSpoolTests.Sample(_counter));
            // Only a number higher than all before is found.
            _last = Assert.Single(_spool.ReadAfter(_last, 5_000)).Sequence;
            _measured[_last] = _counter++;
            _mayFold |= _spool.Bytes > Limit / 2;
        }

        private bool Send(int bytes, bool isAnswered)
        {
            var batch = _spool.ReadAfter(Acknowledged, bytes);
            if (batch.IsEmpty) return false;
            _kept.AddRange(batch);
            if (isAnswered) _spool.Acknowledge(Acknowledged);
            return true;
        }

        private void Restart()
        {
            _spool.Dispose();
            _spool = Open();
            // The welcome says what has been kept.
            _spool.Acknowledge(Acknowledged);
        }

        // The directory as it lies there at this moment; a power cut takes the end of the newest file with it.
        private void Kill(int torn)
        {
            var files = Files(_folders[^1].Path);
            _spool.Dispose();
            _folders.Add(new());
            var newest = files.Keys.Where(name => name.EndsWith(".spool", StringComparison.Ordinal)).Order(StringComparer.Ordinal).LastOrDefault();
            foreach (var (name, bytes) in files)
                File.WriteAllBytes(Path.Combine(_folders[^1].Path, name), name == newest ? bytes[..Math.Max(0, bytes.Length - torn)] : bytes);
            _spool = Open();
            _spool.Acknowledge(Acknowledged);
            var left = SampleSpoolTests.ReadAll(_spool).Select(sample => sample.Sequence).ToHashSet();
            foreach (var lost in _measured.Keys.Where(sequence => sequence > Acknowledged && !left.Contains(sequence)).ToArray())
            {
                Assert.True(torn > 0 || _mayFold, "a kill loses nothing");
                _measured.Remove(lost);
            }
        }
    }
}
