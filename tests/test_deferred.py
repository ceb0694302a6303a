"""What is left out while sentence-transformers loads is there when it is called."""

from __future__ import annotations

import subprocess
import sys

import pytest

HEAD = """
import sys
from yinju.deferred import light_imports
with light_imports():
    {inside}
"""


def run(inside: str, after: str) -> str:
    program = HEAD.format(inside=inside) + after
    done = subprocess.run([sys.executable, "-W", "error::ImportWarning", "-c", program], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout.strip()


def test_stand_ins_call_the_real_functions() -> None:
    inside = "from sklearn.metrics import pairwise_distances; from scipy.optimize import linear_sum_assignment"
    after = (
        "print('sklearn' in sys.modules, 'scipy.optimize' in sys.modules)\n"
        "print(float(pairwise_distances([[1.0]], [[3.0]])[0, 0]))\n"
        "print(linear_sum_assignment([[1, 2], [2, 9]])[1].tolist())\n"
        "import sklearn.metrics, scipy.optimize\n"
        "print(sklearn.metrics.__file__ is not None, scipy.optimize.minimize_scalar is not None)"
    )
    assert run(inside, after).splitlines() == ["False False", "2.0", "[1, 0]", "True True"]


def test_anything_else_of_a_module_is_the_real_thing() -> None:
    inside = "from sklearn.metrics import accuracy_score; from scipy.optimize import OptimizeResult; import scipy.stats"
    after = "print(accuracy_score([1, 0], [1, 1]), OptimizeResult.__module__, isinstance(OptimizeResult, type))"
    assert run(inside, after) == "0.5 scipy.optimize._optimize True"


def test_modules_that_are_loaded_stay_as_they_are() -> None:
    inside = "import scipy.optimize; real = scipy.optimize"
    program = "import scipy.optimize as before\n" + HEAD.format(inside=inside) + "print(before is real)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "True"


@pytest.mark.slow
def test_sentence_transformers_loads_without_scikit_learn_and_can_use_it() -> None:
    after = (
        "print('sklearn' in sys.modules)\n"
        "from sentence_transformers.util import manhattan_sim\n"
        "print(float(manhattan_sim([[1.0, 2.0]], [[0.0, 0.0]])))"
    )
    assert run("import sentence_transformers", after).splitlines() == ["False", "-3.0"]
