import { autograd, isAnomalyCheckNanEnabled, isAnomalyEnabled, isolated, type Tensor, tensor } from '../../lib';

const { detectAnomaly, setDetectAnomaly } = autograd;

/** A named place for the stack to show. */
function logOfNegative(): Tensor {
  return tensor([-1, 0], { requiresGrad: true }).log().mul(0).sum();
}

function messageOf(fn: () => unknown): string {
  try {
    fn();
  } catch (error) {
    return (error as Error).message;
  }
  return '';
}

describe('detectAnomaly', () => {
  let warnings: jest.SpyInstance;
  beforeEach(() => {
    warnings = jest.spyOn(console, 'warn').mockImplementation();
  });
  afterEach(() => warnings.mockRestore());

  it('names the operation that made a NaN, and where it was called', () => {
    const message = messageOf(() => detectAnomaly(() => logOfNegative().backward()));
    const [first, second, place] = message.split('\n');
    expect(first).toBe("Function 'LogBackward0' returned nan values in its 0th output.");
    expect(second).toBe('Error detected in LogBackward0. Traceback of forward call that caused the error:');
    expect(place).toMatch(/logOfNegative .*anomaly\.spec\.ts/);
    expect(warnings.mock.calls.flat().join()).toMatch(/Anomaly Detection has been enabled/);
  });

  it('also across awaits', async () => {
    const run = detectAnomaly(async () => {
      const y = logOfNegative();
      await null;
      y.backward();
    });
    expect(isAnomalyEnabled()).toBe(false);
    await expect(run).rejects.toThrow(/LogBackward0[\s\S]*logOfNegative/);
  });

  it('says so where the forward was not watched', () => {
    const y = logOfNegative();
    expect(messageOf(() => detectAnomaly(() => y.backward()))).toMatch(
      /^Function 'LogBackward0' returned nan .*\nError detected in LogBackward0\. No forward pass information available/,
    );
  });

  it('names the operation of an error in backward, whatever it is', () => {
    const twice = () => {
      const y = tensor([1], { requiresGrad: true }).exp();
      y.backward();
      y.backward();
    };
    expect(messageOf(twice)).not.toMatch(/Error detected/);
    expect(messageOf(() => detectAnomaly(twice))).toMatch(
      /backward through the graph a second time[\s\S]*\nError detected in ExpBackward0\. Traceback[\s\S]*at twice/,
    );
  });

  it('a function of one’s own, and a gradient of a gradient', () => {
    class Bad extends autograd.Function {
      static override forward(_: autograd.FunctionContext, x: Tensor) {
        return x.clone();
      }
      static override backward(_: autograd.FunctionContext, g: Tensor) {
        return g.mul(Number.NaN);
      }
    }
    expect(messageOf(() => detectAnomaly(() => Bad.apply(tensor([1], { requiresGrad: true })).backward()))).toMatch(
      /^Function 'BadBackward' returned nan values in its 0th output/,
    );
    const second = () => {
      const x = tensor([0], { requiresGrad: true });
      const [g] = autograd.grad(x.sqrt().mul(x), x, { createGraph: true });
      return g;
    };
    expect(messageOf(() => detectAnomaly(second))).toMatch(/Function 'SqrtBackward0' returned nan/);
    const third = () => {
      const x = tensor([1], { requiresGrad: true });
      const [g] = autograd.grad(x.pow(3), x, { createGraph: true });
      g!.backward(tensor([Number.NaN]));
    };
    expect(messageOf(() => detectAnomaly(third))).toMatch(
      /\nPrevious calculation was induced by PowBackward0\. Traceback/,
    );
  });

  it('leaves NaN alone with checkNan: false, and where it is off', () => {
    expect(messageOf(() => detectAnomaly(() => logOfNegative().backward(), { checkNan: false }))).toBe('');
    expect(messageOf(() => logOfNegative().backward())).toBe('');
    expect(messageOf(() => detectAnomaly(() => logOfNegative(), { nanCheck: true } as never))).toMatch(/checkNan/);
  });

  it('is switched on and off by setDetectAnomaly, in an isolated for itself', () => {
    setDetectAnomaly(true);
    expect([isAnomalyEnabled(), isAnomalyCheckNanEnabled()]).toEqual([true, true]);
    expect(messageOf(() => logOfNegative().backward())).toMatch(/logOfNegative/);
    setDetectAnomaly(true, false);
    expect([isAnomalyEnabled(), isAnomalyCheckNanEnabled()]).toEqual([true, false]);
    isolated(() => setDetectAnomaly(false));
    expect(isAnomalyEnabled()).toBe(true);
    setDetectAnomaly(false);
    isolated(() => setDetectAnomaly(true));
    expect(isAnomalyEnabled()).toBe(false);
  });
});
