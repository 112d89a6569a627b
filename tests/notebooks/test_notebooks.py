"""The notebooks of examples/notebooks are run from their first cell to the last. They assert what they say; their
pictures are left in the folder of screenshots, so that somebody looks at them."""

import base64
import os
import pathlib

import nbformat
import pytest
from nbclient import NotebookClient

SOURCE = pathlib.Path(os.environ.get("MUSTER_SOURCE", pathlib.Path(__file__).parents[2]))
FOLDER = SOURCE / "examples/notebooks"
PICTURES = pathlib.Path(os.environ.get("MUSTER_SCREENSHOTS", SOURCE / "build/screenshots")) / "notebooks"
NOTEBOOKS = sorted(FOLDER.glob("*.ipynb"))
CELL_TIMEOUT_S = 120


def read(path):
    return nbformat.read(path, as_version=4)


def code_cells(notebook):
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def test_there_are_six():
    assert [path.name[0] for path in NOTEBOOKS] == list("123456")


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_is_valid_and_kept_without_what_it_printed(path):
    notebook = read(path)
    nbformat.validate(notebook)
    assert all(not cell.outputs and cell.execution_count is None for cell in code_cells(notebook))


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_says_before_each_cell_of_code_what_it_is_for(path):
    cells = read(path).cells
    assert cells[0].cell_type == "markdown" and cells[0].source.startswith("# ")
    for before, cell in zip(cells, cells[1:]):
        assert "markdown" in (before.cell_type, cell.cell_type), cell.source


def save_pictures(notebook, stem):
    """Each as STEM-NUMBER.png; what an earlier run has left is gone."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    for old in PICTURES.glob(f"{stem}-*.png"):
        old.unlink()
    drawn = [output.data["image/png"] for cell in code_cells(notebook) for output in cell.outputs
             if "image/png" in output.get("data", {})]
    for number, picture in enumerate(drawn, 1):
        (PICTURES / f"{stem}-{number}.png").write_bytes(base64.b64decode(picture))
    return len(drawn)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_runs_and_what_it_says_holds(path, monkeypatch, tmp_path):
    if "MUSTER_JIAXING" not in os.environ:
        pytest.skip("no home scenario (MUSTER_JIAXING)")
    for variable in ("IPYTHONDIR", "JUPYTER_RUNTIME_DIR", "MUSTER_SHARED_NETWORKS", "DASK_TEMPORARY_DIRECTORY"):
        monkeypatch.setenv(variable, str(tmp_path))
    notebook = read(path)
    NotebookClient(notebook, timeout=CELL_TIMEOUT_S, kernel_name="python3",
                   resources={"metadata": {"path": str(FOLDER)}}).execute()
    warned = [output.text for cell in code_cells(notebook) for output in cell.outputs
              if output.output_type == "stream" and output.name == "stderr"]
    assert not warned
    assert save_pictures(notebook, path.stem) >= 1


def test_a_cell_whose_claim_is_wrong_fails():
    """The runs above would notice."""
    from nbclient.exceptions import CellExecutionError
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("assert 1 > 2")])
    with pytest.raises(CellExecutionError, match="AssertionError"):
        NotebookClient(notebook, timeout=CELL_TIMEOUT_S, kernel_name="python3").execute()
