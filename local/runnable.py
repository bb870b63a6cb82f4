"""What is started and stopped: a `with` does both."""

from abc import ABC, abstractmethod
from typing import Self


class Runnable(ABC):
    """Another program that runs beside this one."""

    @abstractmethod
    def start(self) -> None:
        """Starts it."""

    @abstractmethod
    def stop(self) -> None:
        """Stops it; harmless when it is not running."""

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
