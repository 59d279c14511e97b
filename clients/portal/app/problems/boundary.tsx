import { Component, type ReactNode } from 'react';

import { ShownProblem } from './shown.tsx';

interface Props {
  /** Another value shows the children anew. */
  readonly of: string;
  readonly children: ReactNode;
}

/** Shows a problem in the place of what broke; the rest of the page stays. */
export class Boundary extends Component<Props, { error: unknown; broke: string | null }> {
  override state = { error: null, broke: null };

  static getDerivedStateFromError(error: unknown) {
    return { error, broke: '' };
  }

  override componentDidUpdate(before: Props) {
    if (before.of !== this.props.of && this.state.broke !== null) this.setState({ error: null, broke: null });
  }

  override render() {
    return this.state.broke === null ? this.props.children : <ShownProblem error={this.state.error} />;
  }
}
