/** Whether this process still takes work. Whoever stops it says so first, so that nobody routes to it any more. */
export class Readiness {
  private stopping = false;

  get taking(): boolean {
    return !this.stopping;
  }

  stop(): void {
    this.stopping = true;
  }
}
