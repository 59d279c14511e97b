import { Component, type ReactNode } from 'react';

import { TryAgain } from './again.tsx';
import { ShownProblem } from './shown.tsx';

interface Props {
  /** Another value shows the children anew. */
  readonly of: string;
  /** What is done before they are shown again, where a person can ask for that. */
  readonly onAgain?: () => void;
  readonly children: ReactNode;
}

interface State {
  readonly broke: boolean;
  readonly error: unknown;
}

const WHOLE: State = { broke: false, error: null };

/** Shows a problem in the place of what broke; the rest of the page stays. */
export class Boundary extends Component<Props, State> {
  override state: State = WHOLE;

  static getDerivedStateFromError(error: unknown): State {
    return { broke: true, error };
  }

  override componentDidUpdate(before: Props) {
    if (before.of !== this.props.of && this.state.broke) this.setState(WHOLE);
  }

  override render() {
    const { onAgain, children } = this.props;
    if (!this.state.broke) return children;
    const again = (): void => {
      onAgain?.();
      this.setState(WHOLE);
    };
    return (
      <>
        <ShownProblem error={this.state.error} />
        {onAgain && <TryAgain onAgain={again} />}
      </>
    );
  }
}
